"""The rules that a step may name, and by which of the kernel's justifications each is rechecked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Justification = Literal["definition", "chain", "derivative", "equality", "direction", "coefficient"]


@dataclass(frozen=True)
class Rule:
    """A row: `reason` is the half sentence that a reader sees beside the equation."""

    name: str
    justification: Justification
    reason: str


_ROWS = (
    Rule("definition", "definition", "by definition"),
    Rule("assumption", "definition", "given"),
    Rule("name", "definition", "a name for what is used again"),
    Rule("chain-rule", "chain", "chain rule: one term for each quantity that it feeds"),
    Rule("local-derivative", "derivative", "only the terms that hold the variable stay"),
    Rule("closed-form", "derivative", "differentiate the activation and write the result in its own value"),
    Rule("slope", "equality", "the slope of the activation, at the value that the forward pass stored"),
    Rule("substitution", "equality", "substitute, and let the Kronecker deltas pick their terms"),
    Rule("folding", "equality", "write it in the quantities that have a name"),
    Rule("normalisation", "equality", "use what is given"),
    Rule("simplification", "equality", "put in the closed form and cancel"),
    Rule("direction", "direction", "differentiate the equation along V: each quantity in it moves by its R"),
    Rule("coefficient", "coefficient", "what multiplies the direction is the second derivative"),
)

RULES = {row.name: row for row in _ROWS}
