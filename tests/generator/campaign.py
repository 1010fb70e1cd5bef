"""The long run: `python -m tests.generator.campaign --count 20000 --seed 1 --jobs 2 --log FILE`.

Every record goes to `verify.checking.check.answer`; what it says is held against the label by numbers.  The log has one
JSON line for each disagreement, with the seed that makes the record again (`--only SEED` shows it); the summary counts
by family and by kind of mistake.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.generator.reader import Strange
from tests.generator.records import Dropped, Record, labels, network_record, read_back, system_record
from verify.checking.answer import Answer
from verify.checking.check import answer
from verify.checking.question import Question
from verify.latex import Unreadable

SECONDS = 20
SLOW = 2.0
PROBLEMS = ("wrong", "crash", "fix-wrong", "first-error", "unreadable", "undecided", "slow", "kind", "no-diagnosis",
            "no-fix")  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of one seed: the record, the answer, and what is wrong with the answer."""

    seed: int
    record: Record | None
    problems: tuple[str, ...] = ()
    answer: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    dropped: str = ""
    note: str = ""


class TooSlow(Exception):
    """The checker did not answer in time."""


def _ring(number: int, frame: object) -> None:
    raise TooSlow(f"no answer in {SECONDS} s")


def made(seed: int) -> Record:
    """The record of a seed: about a network, or about definitions.  Raises `Dropped`."""
    given = random.Random(f"which {seed}").random() < 0.2
    return system_record(seed) if given else network_record(seed)


Asked = Callable[[Question], Answer]


def problems(record: Record, ask: Asked) -> tuple[list[str], dict[str, Any]]:
    """What is wrong with the checker's answer to a record, and the answer."""
    question = Question.of(record.question)
    found = ask(question)
    said = found.record()
    if found.verdict != record.expect:
        opposite = {found.verdict, record.expect} == {"correct", "incorrect"}
        return ["wrong" if opposite else found.verdict], said
    if record.expect == "correct":
        return [], said
    return [*_first_error(record, found), *_diagnosis(record, question, found, ask)], said


def _first_error(record: Record, found: Answer) -> list[str]:
    return ["first-error"] if record.relations > 1 and found.first_error != record.first_error else []


def _diagnosis(record: Record, question: Question, found: Answer, ask: Asked) -> list[str]:
    if not found.diagnosis:
        return ["no-diagnosis"]
    wrong = ["kind"] if record.kinds and found.diagnosis[0].kind not in record.kinds else []
    fixes = [one.fix for one in found.diagnosis if one.fix is not None]
    if not fixes:
        return [*wrong, "no-fix"]
    return [*wrong, *(["fix-wrong"] if not mended(record, fixes[0], question, ask) else [])]


def mended(record: Record, fix: str, question: Question, ask: Asked) -> bool:
    """Whether a mended formula is right: by numbers, or in the checker's eyes where it cannot be read back."""
    try:
        claim = read_back(record, fix)
    except (Strange, Unreadable):
        return ask(question.about(fix)).verdict == "correct"
    worlds = record.worlds
    return all(one.verdict != "incorrect" for one in labels(claim, worlds))


def examined(seed: int) -> Outcome:
    """Makes the record of a seed and asks about it."""
    try:
        record = made(seed)
    except Dropped as error:
        return Outcome(seed, None, dropped=str(error))
    start = time.perf_counter()
    signal.signal(signal.SIGALRM, _ring)
    signal.alarm(SECONDS)
    try:
        wrong, said = problems(record, answer)
        note = ""
    except Exception as error:  # a crash of the checker is what this looks for
        last = traceback.extract_tb(error.__traceback__)[-1]
        slow = isinstance(error, TooSlow)
        wrong, said = ["slow" if slow else "crash"], {}
        note = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    finally:
        signal.alarm(0)
    seconds = time.perf_counter() - start
    if seconds > SLOW and "slow" not in wrong:
        wrong = [*wrong, "slow"]
    return Outcome(seed, record, tuple(wrong), said, seconds, note=note)


def logged(outcome: Outcome) -> str:
    """One line of the log."""
    record, said = outcome.record, outcome.answer
    assert record is not None
    kinds = [one["kind"] for one in said.get("diagnosis", [])]
    fix = next((one["fix"] for one in said.get("diagnosis", []) if one.get("fix")), None)
    line = {"seed": outcome.seed, "problems": outcome.problems, "expect": record.expect, "said": said.get("verdict"),
            "proof": said.get("proof"), "family": record.family, "mistakes": record.mistakes, "why": record.why,
            "kinds": record.kinds, "said_kinds": kinds, "first_error": [record.first_error, said.get("first_error")],
            "message": said.get("message", outcome.note), "question": record.question, "truth": record.truth,
            "fix": fix, "ms": round(1000 * outcome.seconds)}  # fmt: skip
    return json.dumps(line, ensure_ascii=False)


class Tally:
    """Counts by family and by mistake."""

    def __init__(self) -> None:
        self.asked = collections.Counter[str]()
        self.by: dict[str, dict[str, collections.Counter[str]]] = {"family": {}, "mistake": {}}
        self.dropped = collections.Counter[str]()
        self.times: list[float] = []
        self.worst: dict[str, list[int]] = collections.defaultdict(list)

    def add(self, outcome: Outcome) -> None:
        """Counts one."""
        record = outcome.record
        if record is None:
            self.dropped[outcome.dropped] += 1
            return
        self.times.append(outcome.seconds)
        what = ["all", record.expect, *outcome.problems]
        self.asked.update(what)
        mistake = record.mistakes[0] if len(record.mistakes) == 1 else f"{len(record.mistakes)} mistakes"
        for table, key in (("family", record.family), ("mistake", mistake)):
            self.by[table].setdefault(key, collections.Counter()).update(what)
        for problem in outcome.problems:
            self.worst[problem].append(outcome.seed)

    def summary(self) -> str:
        """The tables."""
        columns = ("all", "incorrect", *PROBLEMS)
        lines = []
        for table, rows in self.by.items():
            lines.append(f"{table:26}" + "".join(f"{one:>13}" for one in columns))
            lines += [f"{key:26}" + "".join(f"{rows[key][one]:13}" for one in columns) for key in sorted(rows)]
            lines.append("")
        lines.append(f"{'all':26}" + "".join(f"{self.asked[one]:13}" for one in columns))
        times = sorted(self.times) or [0.0]
        right = sum(self.asked[one] for one in ("wrong", "crash", "unreadable", "undecided"))
        lines.append(f"asked={self.asked['all']} right={self.asked['all'] - right} dropped={self.dropped.total()} "
                     f"median_ms={1000 * times[len(times) // 2]:.0f} p99_ms={1000 * times[len(times) * 99 // 100]:.0f}"
                     f" max_ms={1000 * times[-1]:.0f}")  # fmt: skip
        lines += [f"dropped, {why}: {count}" for why, count in self.dropped.most_common(8)]
        lines += [f"{one}: seeds {self.worst[one][:12]}" for one in PROBLEMS if self.worst[one]]
        return "\n".join(lines)


def run(seeds: Iterable[int], jobs: int) -> Iterable[Outcome]:
    """The outcomes, in order."""
    if jobs == 1:
        yield from map(examined, seeds)
        return
    with multiprocessing.Pool(jobs, maxtasksperchild=200) as pool:
        yield from pool.imap(sent, seeds, chunksize=5)


def sent(seed: int) -> Outcome:
    """`examined` in a process of its own: worlds hold functions, which cannot be sent, and are not needed back."""
    outcome = examined(seed)
    if outcome.record is None:
        return outcome
    return replace(outcome, record=replace(outcome.record, claim=None, net=None, worlds=()))


def main(arguments: list[str] | None = None) -> int:
    """Runs a campaign and prints its tables; 1 if a verdict was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--only", type=int, help="one record, with everything known about it")
    options = parser.parse_args(arguments)
    if options.only is not None:
        outcome = examined(options.only)
        print(logged(outcome) if outcome.record else f"dropped: {outcome.dropped}")
        print(json.dumps(outcome.answer, ensure_ascii=False, indent=1))
        return 0
    first = options.seed * 1_000_000
    tally = Tally()
    with (options.log or Path(os.devnull)).open("w", encoding="utf-8") as log:
        for outcome in run(range(first, first + options.count), options.jobs):
            tally.add(outcome)
            if outcome.problems:
                log.write(logged(outcome) + "\n")
                log.flush()
    print(tally.summary())
    return int(tally.asked["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
