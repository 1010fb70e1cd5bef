"""A second opinion on how a formula is to be read: agreement, disagreement with both readings, or none.

Our grammar reads the formula; latex2sympy2 reads the same text behind placeholders; where both give the same value at
random points they agree on every sign, bracket, fraction and order of operations that the text holds.
"""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Literal

from verify.latex import Reading, Unreadable, read
from verify.second.foreign import Absent, ForeignReader, Read
from verify.second.program import BadProgram, NoValue, Program, evaluated, printed
from verify.second.skeleton import Piece, pieces

POINTS = 3
TRIES = 12
MOST_PIECES = 60
MOST_CHARACTERS = 20_000

Status = Literal["agree", "disagree", "abstained"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a second reader says.

    `message` is a sentence.  `ours` and `theirs` are the two readings, in one line with all brackets: of the place of
    the disagreement where there is one, else of everything that both have read.  `where` is that place.
    """

    status: Status
    message: str
    ours: str = ""
    theirs: str = ""
    where: tuple[int, int] | None = None


class SecondReader:
    """Gives second opinions; keeps one process of latex2sympy2, and may be used from any thread.

    A formula takes `seconds` at most, the start of the process (half a second) not counted.
    """

    def __init__(self, seconds: float = 2.0) -> None:
        self._foreign = ForeignReader(seconds)

    def opinion(self, text: str) -> Opinion:
        """The second opinion on a formula; never raises for what the text is."""
        try:
            reading = read(text)
        except Unreadable as error:
            return Opinion("abstained", f"there is no first reading to compare with: {error.message}")
        return self.opinion_on(reading)

    def opinion_on(self, reading: Reading) -> Opinion:
        """The second opinion on a reading."""
        if len(reading.text) > MOST_CHARACTERS:
            return Opinion("abstained", f"the formula has more than {MOST_CHARACTERS:,} characters")
        try:
            return self._opinion_on(reading)
        except Absent as error:
            return Opinion("abstained", str(error))
        except RecursionError:
            return Opinion("abstained", "the formula is nested too deep for what has called this")

    def _opinion_on(self, reading: Reading) -> Opinion:
        found = list(pieces(reading))
        if not found:
            return Opinion("abstained", "the formula holds nothing that latex2sympy2 could read")
        asked = [one for one in found if one.text][:MOST_PIECES]
        return _joined(found, asked, self._foreign.read([one.text for one in asked]), reading.text)

    def warm(self) -> None:
        """Starts the process without waiting for it."""
        self._foreign.warm()

    def close(self) -> None:
        """Ends the process; the next question starts a new one."""
        self._foreign.close()

    def __enter__(self) -> SecondReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _joined(found: Sequence[Piece], asked: Sequence[Piece], answers: Sequence[Read], text: str) -> Opinion:
    """One opinion from the opinions on all pieces: a disagreement outweighs everything, and silence weighs nothing."""
    agreed: list[tuple[Piece, Program]] = []
    unread = [one.why for one in found if not one.text]
    unread += ["it has too many parts"] * (len(found) - len(unread) - len(asked))
    for piece, answer in zip(asked, answers, strict=True):
        same = None if answer.program is None else agree(piece.ours, answer.program)
        if answer.program is None or same is None:
            unread.append(answer.why or "it has no value")
        elif not same:
            return _disagreement(piece, answer.program, text)
        else:
            agreed.append((piece, answer.program))
    if not agreed:
        return Opinion("abstained", f"latex2sympy2 could read nothing of the formula: {unread[0]}")
    ours = "; ".join(printed(piece.ours, piece.names) for piece, _ in agreed)
    theirs = "; ".join(printed(program, piece.names) for piece, program in agreed)
    parts = "the formula" if not unread else f"{len(agreed)} of {len(found)} parts of the formula"
    return Opinion("agree", f"latex2sympy2 reads {parts} in the same way", ours, theirs)


def _disagreement(piece: Piece, program: Program, text: str) -> Opinion:
    start, end = piece.span
    ours, theirs = printed(piece.ours, piece.names), printed(program, piece.names)
    message = f"“{text[start:end]}” is read as {ours} here, and as {theirs} by latex2sympy2"
    return Opinion("disagree", message, ours, theirs, piece.span)


def agree(ours: Program, theirs: Program) -> bool | None:
    """Whether two programs have the same value at random points; None where they have none.

    The points depend on the programs alone, so the same question has the same answer.
    """
    seed = hashlib.sha256(repr((ours, theirs)).encode()).hexdigest()
    compared = 0
    for number in range(TRIES):
        try:
            values = evaluated(ours, f"{seed}{number}"), evaluated(theirs, f"{seed}{number}")
        except NoValue:
            continue
        except BadProgram:
            return None
        if values[0] != values[1]:
            return False
        compared += 1
        if compared == POINTS:
            return True
    return None


# --- one reader for everybody ---------------------------------------------------------------------------------------


@cache
def _shared() -> SecondReader:
    reader = SecondReader()
    atexit.register(reader.close)
    return reader


def warmed() -> None:
    """Starts the reader that everybody shares, without waiting for it."""
    _shared().warm()


def second_opinion(text: str) -> Opinion:
    """The second opinion on a formula, by a reader that is started once and kept until the program ends."""
    return _shared().opinion(text)
