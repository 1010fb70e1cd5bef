"""Several formulas as one object that shows itself: typeset in a notebook, in Unicode elsewhere.  Needs no IPython."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from derive.derivation import Derivation
from derive.emit.plain import plain
from derive.formula import Writer
from derive.latex import latex
from derive.step import Step


@dataclass(frozen=True, repr=False)
class Formulas:
    """Claims one under the other: each as LaTeX, in Unicode, and with the reason of the step that made it."""

    rows: tuple[tuple[str, str, str], ...]

    def _repr_markdown_(self) -> str:
        reasons = {reason: rf" \qquad \text{{{reason}}}" if reason else "" for *_, reason in self.rows}
        return "\n\n".join(f"$${formula}{reasons[reason]}$$" for formula, _, reason in self.rows)

    def __repr__(self) -> str:
        return "\n".join(f"{formula}   {reason}".rstrip() for _, formula, reason in self.rows)


def formulas(things: Iterable[Any], derivation: Derivation, notation: str = "nielsen") -> Formulas:
    """Steps and claims of a derivation in a notation; raises what `derive.latex.latex` raises."""
    writer = Writer(derivation, notation)
    return Formulas(tuple(_row(one, derivation, notation, writer) for one in things))


def _row(thing: Any, derivation: Derivation, notation: str, writer: Writer) -> tuple[str, str, str]:
    reason = thing.row.reason if isinstance(thing, Step) else ""
    return latex(thing, derivation, notation), plain(writer.box(thing)), reason
