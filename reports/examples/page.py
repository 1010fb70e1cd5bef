"""A worked example in the making: prose, formulas that are checked as they are written, tables, figures, programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from derive.emit.latex import latex
from derive.layout import Box
from reports.checking.document_boxes import boxed, lines
from reports.document import (
    Block,
    Boxed,
    Bullets,
    Column,
    Document,
    Equation,
    Figure,
    Listing,
    Paragraph,
    Ref,
    Section,
    Table,
    Together,
)
from reports.document import lines as split
from reports.figures.drawing import Drawing
from reports.inline import Code, Emphasis, Inline, Math, Piece, Text, Tinted, inline
from reports.selfcheck.checks import Check, Subject, claimed, rounded
from reports.wording import filled, sentences
from reports.wording.language import phrase, told
from verify.checking.answer import Answer

Cell = Inline | Piece | Box | str


class Page:
    """A report; every method adds to the section that was opened last, and `document` is the whole.

    Sentences are given in English with holes, `{name}`, and set in the language that is spoken; formulas are LaTeX.
    """

    def __init__(self, title: str, description: str = "") -> None:
        self.title, self.description = phrase(title), phrase(description) if description else ""
        self.checks: list[Check] = []
        self.programs: list[str] = []
        self.cells: dict[str, list[str]] = {}
        self.facts: list[Inline] = []
        self.quotes = False
        self._sections: list[tuple[Inline, list[Block], int, str]] = []

    # --- words ---

    def section(self, title: str, level: int = 1, label: str = "", **pieces: Any) -> None:
        """Opens a section."""
        self._sections.append((self.words(title, **pieces), [], level, label))

    def add(self, *blocks: Block) -> None:
        """Adds blocks as they are."""
        if not self._sections:
            raise ValueError("a report begins with a section")
        self._sections[-1][1].extend(blocks)

    def words(self, sentence: str, **pieces: Any) -> Inline:
        """A sentence in the language that is spoken; a hole takes `$LaTeX$`, a piece, several, or a string."""
        return filled(phrase(sentence), **{name: _filling(piece) for name, piece in pieces.items()})

    def say(self, sentence: str, **pieces: Any) -> None:
        """A paragraph."""
        self.add(Paragraph(self.words(sentence, **pieces)))

    def bullets(self, *items: Inline | str, ordered: bool = False) -> None:
        """A list."""
        self.add(Bullets(tuple(self.words(one) if isinstance(one, str) else one for one in items), ordered))

    # --- formulas ---

    def define(self, formula: str, reason: str = "", *, label: str = "", **pieces: Any) -> None:
        """A definition: printed from its tree, so that what is read is what was written."""
        self.add(self._equation(formula, reason, label, "", pieces))

    def claim(self, formula: str, subject: Subject, reason: str = "", *, label: str = "", name: str = "",
              **pieces: Any) -> None:  # fmt: skip
        """A formula that the checker must find correct, with its reason in words."""
        check, _ = claimed(subject, formula, True)
        self.checks.append(check)
        self.add(self._equation(formula, reason, label, name, pieces))

    def checked(self, formula: str, subject: Subject) -> Piece:
        """A formula that the checker must find correct, to stand in a line or a table."""
        self.checks.append(claimed(subject, formula, True)[0])
        return Math(boxed(formula))

    def derived(self, box: Box, subject: Subject | None, reason: str = "", *, label: str = "", name: str = "",
                **pieces: Any) -> None:  # fmt: skip
        """A formula that was derived, as a box: read back, and, with a subject, checked."""
        if subject is not None:
            self.checks.append(claimed(subject, latex(box), True)[0])
        self.add(Equation(split(box), label, self._reason(reason, pieces), name=name, numbered=bool(label)))

    def false(self, quote: str, formula: str, subject: Subject, why: str, *, mend: str = "", **pieces: Any) -> Answer:
        """A claim of a text that is false: in words and as a formula, the verdict, why, and what holds instead.

        The mended formula is the checker's, or `mend`, which it must find correct.
        """
        check, found = claimed(subject, formula, False)
        self.checks.append(check)
        self.quotes = True
        said = self.words("The text says: {quote} That is **incorrect**.", quote=Emphasis(phrase(quote)))
        parts: list[Block] = [Paragraph(sentences(said, self.words(why, **pieces)))]
        parts.append(self._equation(formula, "the claim", "", "×", {}))
        fix = mend or next((one.fix for one in found.diagnosis if one.fix), "")
        if fix:
            self.checks.append(claimed(subject, fix, True)[0])
            parts.append(self._equation(fix, "mended, and proved", "", "✓", {}))
        shown = _example(found)
        if shown:
            at = "At {point} the left side is {left}, the right side {right}."
            everywhere = "The left side is {left}, the right side {right}."
            parts.append(Paragraph(self.words(at if "point" in shown else everywhere, **shown)))
        self.add(Boxed(self.words("A claim that is false"), (Together(tuple(parts)),)))
        return found

    def remark(self, quote: str, why: str, **pieces: Any) -> None:
        """A claim of a text that is false and no formula: the claim, and why it does not hold."""
        self.quotes = True
        said = self.words("The text says: {quote} That is **not so**.", quote=Emphasis(phrase(quote)))
        paragraph = Paragraph(sentences(said, self.words(why, **pieces)))
        self.add(Boxed(self.words("A claim that is false"), (paragraph,)))

    def _equation(self, formula: str, reason: str, label: str, name: str, pieces: dict[str, Any]) -> Equation:
        return Equation(lines(formula), label, self._reason(reason, pieces), name=name, numbered=bool(label))

    def _reason(self, reason: str, pieces: dict[str, Any]) -> Inline:
        return self.words(reason, **pieces) if reason else ()

    # --- numbers, tables, figures, programs ---

    def number(self, true: Fraction | int | Any, shown: str, *, ours: bool = True) -> Piece:
        """A decimal that is printed, checked against the exact number or the ball; `ours=False`: the text's, bold."""
        self.checks.append(rounded(true, shown))
        self.quotes |= not ours
        text = shown.replace("-", "−")
        return Text(text) if ours else Emphasis(text, strong=True)

    def ball(self, true: Any, digits: int = 5) -> Piece:
        """A number that is enclosed by a ball, with so many significant digits, checked."""
        return self.number(true, format(Decimal(f"{float(true.mid()):.{digits - 1}e}"), "f"))

    def table(self, header: Sequence[Cell], rows: Iterable[Sequence[Cell]], caption: str = "", label: str = "",
              align: str = "", **pieces: Any) -> None:  # fmt: skip
        """A table; `align` has a letter for each column: l, r, c, or w for text that may take several lines."""
        kinds = align or "l" * len(header)
        columns = tuple(
            Column(_cell(title), _ALIGN[kind], wrap=kind == "w") for title, kind in zip(header, kinds, strict=True)
        )
        found = tuple(tuple(_cell(one) for one in row) for row in rows)
        self.add(Table(columns, found, self._reason(caption, pieces), label))

    def figure(self, drawing: Drawing, caption: str, alternative: str, label: str = "", **pieces: Any) -> None:
        """A drawing; `alternative` says in words what is to be seen."""
        self.add(Figure(drawing, self.words(caption, **pieces), phrase(alternative), label))

    def code(self, source: str, caption: str = "", language: str = "python", *, runs: bool = True) -> None:
        """A program as it is; with `runs` it runs alone: the tests do that, and in a notebook it is a code cell."""
        if runs and language == "python":
            self.programs.append(source)
            title, blocks, level, label = self._sections[-1]
            label = label or f"program-{len(self.programs)}"
            self._sections[-1] = title, blocks, level, label
            self.cells.setdefault(label, []).append(source)
        self.add(Listing(source, language, self._reason(caption, {})))

    def fact(self, sentence: str, **pieces: Any) -> None:
        """A line under the title."""
        self.facts.append(self.words(sentence, **pieces))

    def document(self) -> Document:
        """The report."""
        sections = tuple(Section(title, tuple(blocks), level, label) for title, blocks, level, label in self._sections)
        told = (self.words(_QUOTES),) if self.quotes else ()
        return Document(self.title, sections, inline(self.description), (*self.facts, *told, self._summary()))

    def _summary(self) -> Inline:
        found: list[Piece] = []
        for kind, (one, several) in _SAID.items():
            count = sum(check.kind == kind and check.holds for check in self.checks)
            if count:
                found += [Text(" · ")] if found else []
                found += self.words(one) if count == 1 else self.words(several, count=str(count))
        return tuple(found)


_QUOTES = "Retold from a text: its own numbers are bold, and what it says that is false stands in a frame."
_SAID = {
    "claim": ("one formula, found correct by the checker", "{count} formulas, each found correct by the checker"),
    "false claim": ("one claim of the text found false", "{count} claims of the text found false"),
    "number": ("one number within its last digit", "{count} numbers, each within its last digit"),
}
_ALIGN: dict[str, Any] = {"l": "left", "r": "right", "c": "centre", "w": "left"}


def _piece(given: Any) -> Piece:
    """A string `$…$` is a formula, any other is text."""
    if isinstance(given, str) and len(given) > 2 and given[0] == given[-1] == "$":
        return Math(boxed(given[1:-1]))
    if isinstance(given, str):
        return Text(told(given))
    return given if isinstance(given, Text | Emphasis | Math | Code | Ref | Tinted) else Math(given)


def _filling(given: Any) -> Inline | Piece:
    return tuple(_piece(one) for one in given) if isinstance(given, tuple) else _piece(given)


def _cell(given: Cell) -> Inline:
    return given if isinstance(given, tuple) else (_piece(given),)


def _example(found: Answer) -> dict[str, Any] | None:
    """The point of a counter-example and both values, if they are few."""
    example = found.counterexample
    if example is None or len(example.values) > 4:
        return None
    shown: dict[str, Any] = {"left": f"${example.left}$", "right": f"${example.right}$"}
    point = [piece for name, value in example.values.items() for piece in (", ", f"${name} = {value}$")]
    return {**shown, "point": tuple(point[1:])} if point else shown
