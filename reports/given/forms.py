"""The formulas of a derivation from definitions, as boxes: each quantity in matrix form where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.derivation import Derivation
from derive.formula import Writer
from derive.formula.spelling import word
from derive.layout import Box, Glyph, row
from derive.matrix import NoMatrixForm
from derive.symbols import Array


@dataclass(frozen=True)
class Gradient:
    """∂(target)/∂(a letter): in index form, and in matrix form where there is one that says more."""

    letter: str
    index: Box
    matrix: Box | None
    why: str = ""

    @property
    def best(self) -> Box:
        """The form that a paper prints: of matrices, where there is one."""
        return self.matrix or self.index


@dataclass(frozen=True)
class Forms:
    """The formulas of a derivation in one notation."""

    derivation: Derivation
    notation: str = "nielsen"

    @cached_property
    def writer(self) -> Writer:
        """What writes them."""
        names = (name for _, name, _ in self.derivation.adjoints if name is not None)
        colours = {name: number for number, name in enumerate(names, 1)}
        return Writer(self.derivation, self.notation, colours, colour_adjoints=True)

    @cached_property
    def definitions(self) -> tuple[Box, ...]:
        """Every definition, in index form."""
        return tuple(self.writer.box(one) for one in self.derivation.program.definitions)

    @cached_property
    def facts(self) -> tuple[Box, ...]:
        """What was assumed."""
        return tuple(self.writer.box(one) for one in self.derivation.program.facts)

    @cached_property
    def wanted(self) -> tuple[Gradient, ...]:
        """The derivatives that were asked for."""
        program = self.derivation.program
        return tuple(self.gradient(one.name) for one in program.wrt if self.derivation.has(one.name))

    @cached_property
    def between(self) -> tuple[Gradient, ...]:
        """The derivatives by what lies between, where these have a name that others use."""
        wanted = {one.name for one in self.derivation.program.wrt}
        named = [one.name for one, name, _ in self.derivation.adjoints if name is not None and one.name not in wanted]
        return tuple(self.gradient(letter) for letter in named)

    @property
    def without(self) -> tuple[str, ...]:
        """Letters that were asked for, on which the target does not depend."""
        return tuple(one.name for one in self.derivation.program.wrt if not self.derivation.has(one.name))

    def gradient(self, letter: str) -> Gradient:
        """One derivative."""
        index = self.writer.box(self.derivation.index(letter))
        if not isinstance(self.derivation.program.variables[letter], Array):
            return Gradient(letter, index, self._shorter(letter, index))
        try:
            return Gradient(letter, index, self.writer.box(self.derivation.matrix(letter)))
        except NoMatrixForm as error:
            return Gradient(letter, index, None, str(error))

    def _shorter(self, letter: str, index: Box) -> Box | None:
        """The matrix form of a derivative by a number, where it is another one."""
        try:
            found = self.writer.box(self.derivation.matrix(letter))
        except NoMatrixForm:
            return None
        return None if found == index else found


def shape_box(sizes: tuple[str, ...]) -> Box:
    """n × m as a box."""
    found: list[Box] = []
    for size in sizes:
        found += [*([Glyph(r"\times", "binary")] if found else []), word(size)]
    return row(found)


def shape_text(sizes: tuple[str, ...]) -> str:
    """n×m, n, or `a number`."""
    return "×".join(sizes) if sizes else "a number"
