"""Second derivatives as a short chapter: what moves, each R-equation with its reason, the result, the numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from derive.emit.plain import plain
from derive.formula import Writer
from derive.layout import Box, Glyph
from derive.linear import Letter
from derive.matrix import NoMatrixForm, recognise
from derive.second import HessianVector, output_hessian
from derive.step import Step
from derive.symbols import Array
from reports.document import Block, Column, Document, Equation, Paragraph, Section, Table, lines
from reports.given.pages import because
from reports.inline import inline
from reports.second.numbers import Row
from reports.training.lettering import lettered, number
from reports.wording import words
from reports.wording.language import phrase, told
from verify.kernel import recheck_second, recheck_steps

LETTERS: dict[str, Box] = {"V": Glyph("V"), "R": Glyph(r"\mathcal{R}")}
"""What the words call by a letter: the direction, and the derivative along it."""
_COUNTED = ("entries", "differences of the gradient", "derivative of the slope")


@dataclass(frozen=True)
class Findings:
    """What was found: the second derivation, how many steps were rechecked, the numbers."""

    second: HessianVector
    notation: str
    steps: int
    hessian: Box | None
    rows: tuple[Row, ...] = ()

    @cached_property
    def writer(self) -> Writer:
        """What writes the formulas."""
        return Writer(self.second.derivation, self.notation)

    @property
    def holds(self) -> bool:
        """Whether the numbers agree; the steps were proved, or there would be no findings."""
        return all(row.right for row in self.rows)

    @cached_property
    def equations(self) -> tuple[tuple[Box, Box], ...]:
        """Each R-equation in matrix form where it has one, and in index form."""
        found = []
        for _, claim in self.second.claims:
            index = self.writer.box(claim)
            try:
                found.append((self.writer.box(recognise(claim)), index))
            except NoMatrixForm:
                found.append((index, index))
        return tuple(found)

    @cached_property
    def letters(self) -> dict[str, Box]:
        """What moves, by the name that the numbers have for it, as the notation writes it."""
        things = self.second.directions
        return {of.name: self.writer.box(Letter(of) if isinstance(of, Array) else of) for of in things}

    def with_rows(self, rows: tuple[Row, ...]) -> Findings:
        """The same with numbers."""
        return replace(self, rows=rows)


def found_of(second: HessianVector, notation: str) -> Findings:
    """Every step rechecked; raises `KernelError` at the first that does not hold."""
    steps = recheck_second(second).steps
    if not second.derivation.layered:
        return Findings(second, notation, steps, None)
    hessian = output_hessian(second.derivation)
    steps += recheck_steps(hessian.program, hessian.steps, hessian.directions).steps
    writer = Writer(second.derivation, notation)
    try:
        box = writer.box(hessian.matrix)
    except NoMatrixForm:
        box = writer.box(hessian.index)
    return Findings(second, notation, steps, box)


def verdict(found: Findings) -> list[str]:
    """How sure this is, in a sentence each."""
    said = [f"{found.steps} steps, each rechecked for every width"]
    count, right = (sum(row.entries for row in found.rows if row.right or every) for every in (True, False))
    if found.rows:
        said.append(f"{right:,} of {count:,} entries of the product are right at the example point")
    return said


def pages(found: Findings) -> Document:
    """The chapter."""
    target = plain(found.writer.box(found.second.derivation.program.target))
    sections = (_idea(), _steps(found), _result(found), _numbers(found))
    facts = tuple(words("{line}.", line=line) for line in verdict(found))
    title = phrase("The second derivatives of {target}").format(target=target)
    return Document(title, sections, words("Hessian times vector, step by step."), facts)


def _idea() -> Section:
    idea = words(
        "Move the parameters along a direction V. Every quantity then moves too, and R of a quantity is its derivative"
        " by how far the parameters have moved, at the start. R of a gradient is the Hessian times V. Each equation of"
        " the forward and of the backward pass is differentiated once (Pearlmutter 1994)."
    )
    return Section(words("The idea"), (Paragraph(lettered(idea, LETTERS)),))


def _steps(found: Findings) -> Section:
    first = len(found.second.derivation.steps)
    blocks = tuple(_step(found.writer, step, first) for step in found.second.own_steps)
    return Section(words("The derivation"), blocks, label="derivation")


def _step(writer: Writer, step: Step, first: int) -> Equation:
    """A step with its reason; premises of the first derivation are not on these pages."""
    own = [premise for premise in step.premises if premise >= first]
    return Equation(lines(writer.box(step.claim)), f"step{step.number}", lettered(because(step, own), LETTERS))


def _result(found: Findings) -> Section:
    blocks: list[Block] = [Equation(lines(box)) for box, _ in found.equations]
    if found.hessian is not None:
        blocks.append(Paragraph(words("The Hessian by the output's pre-activations:")))
        blocks.append(Equation(lines(found.hessian)))
    return Section(words("The result"), tuple(blocks), label="result")


def _numbers(found: Findings) -> Section:
    if not found.rows:
        return Section(words("The numbers"), (Paragraph(words("There are no numbers for this.")),))
    heads = (Column(words("part by")), *(Column(words(one), "right") for one in _COUNTED), Column(words("verdict")))
    cells: list[tuple[Any, ...]] = [
        (inline(found.letters[row.name]), inline(f"{row.entries:,}"), inline(number(row.differences, 1)),
         inline(number(row.slope, 1)), inline(told("right" if row.right else "WRONG")))
        for row in found.rows
    ]  # fmt: skip
    table = Table(heads, tuple(cells))
    return Section(words("The numbers"), (table,), label="numbers")
