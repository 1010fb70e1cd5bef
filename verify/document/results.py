"""What is said about a document: one `Result` for each equation, `Remark`s about the rest, as objects and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verify.checking.answer import Answer
from verify.document.items import Kind


@dataclass(frozen=True)
class Point:
    """A place in a file: line and column, both from 1, up to the end."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Result:
    """What is said about one equation.

    `latex` is as in the file, `formula` what was asked, with macros put in.  `verdict` is that of the checker; it is
    None for a definition that could be read and for what was skipped.  `point` is the place of the mistake, and that of
    the equation where there is none; `message` and `fix` are about it.  `rests` are the lines of the definitions used;
    `prose` is true for a definition that stands in a sentence.
    """

    number: int
    kind: Kind
    latex: str
    formula: str
    point: Point
    label: str = ""
    verdict: str | None = None
    mistake: str = ""
    message: str = ""
    fix: str | None = None
    note: str = ""
    rests: tuple[int, ...] = ()
    mark: tuple[int, int] | None = None
    start: Point = Point(1, 1, 1, 1)
    answer: Answer | None = None
    prose: bool = False

    def record(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {"number": self.number, "line": self.start.line, "label": self.label or None}
        found |= {"latex": self.latex, "formula": self.formula, "kind": self.kind, "verdict": self.verdict}
        found |= {"proof": self.answer.proof if self.answer else None, "mistake": self.mistake or None}
        found |= {"message": self.message or None, "fix": self.fix, "note": self.note or None}
        point = self.point
        found["place"] = [point.line, point.column, point.end_line, point.end_column]
        found["definitions"] = list(self.rests)
        found |= {"prose": True} if self.prose else {}
        return found | ({"answer": self.answer.record()} if self.answer else {})


@dataclass(frozen=True)
class Remark:
    """Something about the document: a file that is not followed, a limit; with its line and column."""

    kind: str
    message: str
    line: int
    column: int

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": self.kind, "message": self.message, "line": self.line, "column": self.column}


@dataclass(frozen=True)
class Examined:
    """A document with the results of its equations; `network` says that it defines nothing and is about the network."""

    results: tuple[Result, ...]
    remarks: tuple[Remark, ...]
    network: bool

    def count(self, verdict: str) -> int:
        """How many results have this verdict."""
        return sum(one.verdict == verdict for one in self.results)

    @property
    def claims(self) -> int:
        """How many equations were asked about."""
        return sum(one.kind == "claim" for one in self.results)
