"""`python -m tests.corpus [FILE...]`: the figures of the checker on the labelled records, and every miss."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from tests.corpus.records import FILES, outcome, question, read
from verify.checking.answer import Answer
from verify.checking.check import answer
from verify.checking.question import Question


def _answered(record: dict[str, Any]) -> Answer | str:
    """The answer, or the name of what was raised: one record must not end the run."""
    try:
        return answer(Question.of(question(record)))
    except Exception as raised:
        return f"raised {type(raised).__name__}"


def _counted(record: dict[str, Any], said: Answer | str, counts: Counter[str]) -> str:
    """Counts one answer and gives its outcome."""
    if isinstance(said, str):
        counts["raised"] += 1
        return said
    found = outcome(record, said.verdict)
    counts[found] += 1
    if record["expect"] == said.verdict == "incorrect":
        kinds = [one.kind for one in said.diagnosis]
        fixes = [one.fix for one in said.diagnosis if one.fix]
        counts["incorrect"] += 1
        counts["first kind"] += bool(kinds) and kinds[0] in record["expect_kinds"]
        counts["fix"] += bool(fixes)
        if "expect_first_error" in record:
            counts["chains"] += 1
            counts["first error"] += said.first_error == record["expect_first_error"]
    return found


def main(names: list[str]) -> int:
    """Prints a line for each miss, then the counts; 1 where a promise was broken."""
    counts: Counter[str] = Counter()
    for record in (record for name in names or FILES for record in read(name)):
        said = _answered(record)
        found = _counted(record, said, counts)
        if found != "right":
            verdict = said if isinstance(said, str) else said.verdict
            print(f"{found:11} {record['id']} {record['expect']} -> {verdict}: {record['formula'][:110]!r}")
    print(dict(counts))
    return int(bool(counts["wrong"] or counts["overclaimed"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
