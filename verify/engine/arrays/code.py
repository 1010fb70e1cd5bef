"""A piece of source, with the axes of the array that it computes."""

from __future__ import annotations

from dataclasses import dataclass

from derive.symbols import Index

Axes = tuple[Index, ...]


class NoSource(TypeError):
    """No way to compute this kind of expression with arrays is known."""


@dataclass(frozen=True)
class Code:
    """Source of an array with these axes; `level` is 0 for a sum, 1 for a product, 2 for what needs no brackets."""

    source: str
    axes: Axes = ()
    level: int = 2

    def at(self, level: int) -> str:
        """The source, in brackets where it binds less tightly than its place asks for."""
        return self.source if self.level >= level else f"({self.source})"

    @property
    def factor(self) -> str:
        """The source as a factor: a matrix product, which binds as a product does, is set in brackets."""
        return self.at(2 if " @ " in self.source else 1)

    def negative(self) -> Code:
        """The same with a minus sign in front."""
        return Code(f"-{self.factor}", self.axes, 0)
