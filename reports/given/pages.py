"""A derivation from definitions as a short chapter: what is given, each step with its reason, results and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from derive.emit.plain import plain
from derive.formula.pieces import DIRECT
from derive.formula.spelling import spelled
from derive.step import Step
from derive.symbols import Local
from reports.document import Block, Boxed, Column, Document, Equation, Listing, Paragraph, Section, Table, lines
from reports.given.forms import Forms, Gradient, shape_box
from reports.given.terminal import BELOW, cells, error_text, verdict
from reports.inline import Inline, Piece, Ref, Text, inline
from reports.meant import Aside, Measured
from reports.wording import enumerated, say, words
from reports.wording.language import phrase, told
from verify.programs.examined import ProgramExamination, Row
from verify.programs.reading import ProgramRead

_GIVEN = ("definition", "assumption")
_HEADS = ("by", "shape", "entries", "central differences", "complex step", "verdict")


def pages(examination: ProgramExamination, read: ProgramRead, forms: Forms) -> Document:
    """The chapter."""
    page = _Pages(examination, read, forms)
    sections = (page.given(), *page.derivation(), page.result(), page.numbers(), page.program())
    facts = tuple(words("{line}.", line=line) for line in verdict(examination))
    return Document(page.title, sections, words("Derived step by step from its definitions."), facts)


@dataclass(frozen=True)
class _Pages:
    """The sections of a chapter."""

    examination: ProgramExamination
    read: ProgramRead
    forms: Forms

    @property
    def title(self) -> str:
        """`The derivatives of f`."""
        target = plain(self.forms.writer.box(self.forms.derivation.program.target))
        return phrase("The derivatives of {target}").format(target=target)

    # --- what is given ---

    def given(self) -> Section:
        """The definitions, the sizes, what was assumed."""
        blocks: list[Block] = [Paragraph(words("Each line defines a quantity by those before it."))]
        blocks += [self._step(step) for step in self.forms.derivation.steps if step.rule in _GIVEN]
        blocks.append(Paragraph(self._sizes()))
        blocks += [Paragraph(words("Here {note}.", note=_cleaned(note))) for note in self.read.notes]
        if self.read.ours:
            named = self._listed(self.read.ours)
            blocks.append(Paragraph(words("Named here, so that they can be spoken of: {names}.", names=named)))
        return Section(words("What is given"), tuple(blocks), label="given")

    def _sizes(self) -> Inline:
        arrays: list[Piece] = []
        for name, sizes in self.read.shapes.items():
            if sizes:
                arrays += [*(words("; ") if arrays else ()), *inline(spelled(name), " ", shape_box(sizes))]
        numbers = self._listed([name for name, sizes in self.read.shapes.items() if not sizes])
        if not numbers:
            return words("Sizes: {arrays}.", arrays=tuple(arrays))
        if not arrays:
            return words("Numbers: {numbers}.", numbers=numbers)
        return words("Sizes: {arrays}; numbers: {numbers}.", arrays=tuple(arrays), numbers=numbers)

    @staticmethod
    def _listed(names: tuple[str, ...] | list[str]) -> Inline:
        found: list[Piece] = []
        for name in names:
            found += [*(words(", ") if found else ()), *inline(spelled(name))]
        return tuple(found)

    # --- the derivation ---

    def derivation(self) -> Iterator[Section]:
        """The steps: a heading, then one section of the second level for each quantity."""
        target = self.forms.writer.box(self.forms.derivation.program.target)
        said = words("The chain rule runs from {target} backwards, through each quantity once.", target=target)
        yield Section(words("The derivation"), (Paragraph(said),), label="derivation")
        for quantity, steps in self._groups():
            title = words("By {quantity}", quantity=spelled(quantity))
            yield Section(title, (*self._by_place(quantity, steps), *map(self._step, steps)), level=2)

    def _by_place(self, quantity: str, steps: list[Step]) -> Iterator[Paragraph]:
        """What ∂⁺ is, where it stands for the first time."""
        if any(map(self._direct, steps)):
            target = self.forms.writer.box(self.forms.derivation.program.target)
            yield Paragraph(words(
                "{target} holds {quantity} itself, and through others: {sign} is the derivative by the place where it "
                "stands itself, all else held.", target=target, quantity=spelled(quantity), sign=DIRECT))  # fmt: skip

    def _direct(self, step: Step) -> bool:
        """Whether a step speaks of a derivative by one place of several."""
        direct = self.forms.derivation.direct
        return any(one.arrays in direct for one in (*step.claim.lhs.atoms(Local), *step.claim.rhs.atoms(Local)))

    def _groups(self) -> Iterator[tuple[str, list[Step]]]:
        """The steps up to the conclusion about each quantity; a name belongs to what it names."""
        derivation = self.forms.derivation
        ends = {derivation.step(one.name).number: one.name for one, _, _ in derivation.adjoints}
        waiting: list[Step] = []
        groups: list[tuple[str, list[Step]]] = []
        for step in derivation.steps:
            if step.rule in _GIVEN:
                continue
            if step.rule == "name" and groups and not waiting:
                groups[-1][1].append(step)
                continue
            if step.number not in self._empty:
                waiting.append(step)
            if step.number in ends and waiting:
                groups.append((ends[step.number], waiting))
                waiting = []
        if waiting and groups:
            groups[-1][1].extend(waiting)
        yield from groups

    def _step(self, step: Step) -> Equation:
        """A step with its reason."""
        premises = [number for number in step.premises if number not in self._empty]
        meant = Aside("a derivative by one place of several") if self._direct(step) else None
        shown = lines(self.forms.writer.box(step.claim))
        return Equation(shown, f"step{step.number}", because(step, premises), meant=meant)

    @cached_property
    def _empty(self) -> frozenset[int]:
        """The steps that say nothing to a reader: ∂L/∂y of an opaque L(y) is itself."""
        box = self.forms.writer.box
        steps = (one for one in self.forms.derivation.steps if one.rule not in _GIVEN)
        return frozenset(one.number for one in steps if plain(box(one.claim.lhs)) == plain(box(one.claim.rhs)))

    # --- the result ---

    def result(self) -> Section:
        """The derivatives that were asked for, in a frame."""
        between = [block for one in self.forms.between for block in self._both(one)]
        blocks = [block for one in self.forms.wanted for block in self._both(one)]
        framed: list[Block] = [Boxed(words("The derivatives"), (*between, *blocks))] if blocks or between else []
        for name in self.forms.without:
            target = self.forms.writer.box(self.forms.derivation.program.target)
            said = words("{target} does not depend on {letter}.", target=target, letter=spelled(name))
            framed.append(Paragraph(said))
        return Section(words("The result"), tuple(framed), label="result")

    @staticmethod
    def _both(one: Gradient) -> list[Block]:
        """Matrix form and index form."""
        found: list[Block] = [Equation(lines(one.best))]
        if one.matrix is not None:
            found.append(Equation(lines(one.index), reason=words("entry by entry"), numbered=False))
        return found

    # --- numbers ---

    def numbers(self) -> Section:
        """The engine against finite differences and the complex step."""
        columns = tuple(Column(words(one)) for one in _HEADS)
        rows = tuple(
            (inline(spelled(row.name)), *(inline(_cell(row, cell)) for cell in cells(row)[1:]))
            for row in self.examination.rows
        )
        if not rows:
            said = self.examination.note or "Nothing depends on what was asked for"
            return Section(words("The numbers"), (Paragraph(words("{line}.", line=_cleaned(said))),), label="numbers")
        about = words(
            "The program below computes every derivative at an example; two other ways compute it from the definitions"
            " alone: central differences, and the imaginary part of a complex step. Shown are the largest errors,"
            " relative to the largest entry."
        )
        return Section(words("The numbers"), (Paragraph(about), Table(columns, rows)), label="numbers")

    def program(self) -> Section:
        """The engine's source."""
        if self.examination.note:
            return Section(words("The program"), (Paragraph(words("There is no program for this.")),))
        return Section(words("The program"), (Listing(self.examination.engine.source),), label="program")


def because(step: Step, premises: Iterable[int]) -> Inline:
    """The reason of a step, and the steps that it rests on: `substitute …; from (3) and (7)`."""
    reason, refs = words(step.row.reason), [inline(Ref(f"step{premise}")) for premise in premises]
    return (*reason, *say("from"), *enumerated(refs)) if refs else reason


def _cell(row: Row, cell: str) -> Text:
    """A cell of the table of numbers; the self-check compares an error with what was measured."""
    errors = {error_text(one): Measured(one, digits=1) for one in (row.differences, row.complex_step)}
    return Text(told(cell), errors.get(cell) if cell != BELOW else None)


def _cleaned(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
