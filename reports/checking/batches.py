"""Batches from the command line: JSON Lines in and out, how far it is, and at the end what was found."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from reports.checking.options import BadOption, Options
from reports.wording import listed, tell
from reports.wording.language import language
from verify.batch.output import BatchError
from verify.batch.run import Interrupted, Progress
from verify.batch.run import run as run_batch
from verify.batch.settings import CHECKER, MEMORY, SECONDS, Settings

VERDICTS = {
    "correct": "{count} correct",
    "incorrect": "{count} incorrect",
    "undecided": "{count} undecided",
    "unreadable": "{count} unreadable",
}
TWICE = "reports.checking.child:answer"
BAR = 24


def run(source: str, formulas: tuple[str, ...], chosen: Options) -> int:
    """Answer a batch; 0 when it is complete, 2 when it cannot be read or written, 130 when it is interrupted."""
    _fits(formulas, chosen)
    _open(source, chosen)
    told = _teller(chosen)
    try:
        news = run_batch(
            sys.stdin.buffer if source == "-" else source,
            sys.stdout.buffer if chosen.output is None else chosen.output,
            jobs=chosen.jobs,
            resume=chosen.resume,
            seconds=SECONDS if chosen.seconds is None else chosen.seconds,
            progress=told,
            settings=_settings(chosen),
            scheduler=chosen.scheduler,
        )
    except (BatchError, Interrupted) as error:
        print(f"{_clear(told)}derive: {error}", file=sys.stderr)
        return 130 if isinstance(error, Interrupted) else 2
    _finished(news, chosen, _clear(told))
    return 0


def _fits(formulas: tuple[str, ...], chosen: Options) -> None:
    """Refuse what a batch says in its records."""
    if formulas:
        raise BadOption("a batch has its formulas in its records; leave out the one on the command line")
    if chosen.record:
        names = ", ".join(sorted(chosen.record))
        raise BadOption(f"what a batch is about stands in each of its records, not on the command line: {names}")


def _open(source: str, chosen: Options) -> None:
    """Refuse an input or an output that was closed."""
    if source == "-" and sys.stdin is None:
        raise BadOption("there is no standard input to read a batch from")
    if chosen.output is None and sys.stdout is None:
        raise BadOption("there is no standard output for the answers: name a file by --output")


def _settings(chosen: Options) -> Settings:
    memory = MEMORY if chosen.memory is None else chosen.memory
    return Settings(answer=TWICE if chosen.second else CHECKER, memory=memory, processes=bool(chosen.second))


# --- how far it is --------------------------------------------------------------------------------------------------


def _teller(chosen: Options) -> Callable[[Progress], None] | None:
    """Writes how far the batch is, where somebody watches and the answers go elsewhere."""
    watched = sys.stderr is not None and sys.stderr.isatty() and not chosen.quiet
    if not watched or (chosen.output is None and sys.stdout.isatty()):
        return None

    def tell(news: Progress) -> None:
        text = line(news, chosen.unicode)
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    return tell


def _clear(told: Callable[[Progress], None] | None) -> str:
    """What wipes the line of progress away."""
    return "\r\x1b[K" if told else ""


def line(news: Progress, unicode: bool = True) -> str:
    """`━━━━────  412 answered: 380 correct, 32 incorrect`."""
    full, rest = ("━", "─") if unicode else ("=", "-")
    done = None if news.part is None else round(BAR * news.part)
    bar = "" if done is None else f"{full * done}{rest * (BAR - done)}  "
    return f"{bar}{counted(news)}"


def counted(news: Progress) -> str:
    """`412 answered: 380 correct, 32 incorrect`, in the language that is spoken."""
    counts = [tell(said, count=f"{news.verdicts[one]:,}") for one, said in VERDICTS.items() if news.verdicts.get(one)]
    sentence = "{count} answered ({resumed} of them by an earlier run)" if news.resumed else "{count} answered"
    answered = tell(sentence, count=f"{news.answered:,}", resumed=f"{news.resumed:,}")
    return f"{answered}{language().colon}{listed(counts, 'clause')}" if counts else answered


def _finished(news: Progress, chosen: Options, front: str) -> None:
    """One line at the end, on the error output where the answers themselves are printed."""
    if chosen.quiet:
        return
    facts: dict[str, Any] = {"answered": news.answered, "resumed": news.resumed, "verdicts": news.verdicts}
    text = json.dumps(facts) if chosen.as_json else counted(news)
    print(front, end="", file=sys.stderr)
    print(text, file=sys.stderr if chosen.output is None else sys.stdout)
