"""Collects the lines of a plan: names for everything, values made stable, helpers for the functions that are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from sympy import Expr, Symbol

from derive.derivation import Derivation
from derive.equation import Equation
from derive.functions import Head, Unknown, kind
from derive.step import Step
from derive.symbols import Array, Index, Scalar, Width
from verify.engine.identifiers import Identifiers
from verify.engine.plan.stable import stable
from verify.engine.plan.types import Axes, Helper, Input, Line, Part, Plan

# Names that some backend or its source gives a meaning; no array takes one.
_RESERVED = """
    abs acos arange arcsinh arctan asarray broadcast_to concatenate cos cosh det einsum entries erf exp expm1 float
    inv jnp log logaddexp logsumexp loss_and_gradients forward math max maximum np numpy pi print restrict sign sin
    sinh slogdet softmax softplus sqrt sum tan tanh torch where with_one xlogy zeros double int const static void
    int64_t out ws kronecker eliminated entry entry_at hessian_vector jax len logdet moved places range results value
    worst_error
"""


class Builder:
    """Adds lines; `done` gives the plan."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.name = Identifiers(_RESERVED.split())
        self.lines: list[Line] = []
        self._defined: dict[Expr, tuple[Axes, Expr]] = {}

    @property
    def steps(self) -> Sequence[Step]:
        """The steps whose closed forms define the slopes."""
        return self.derivation.steps

    def line(self, target: Expr, axes: Axes, value: Expr, part: Part, claim: Equation | None = None,
             name: str = "") -> str:  # fmt: skip
        """Adds `target[axes] = value`; its name."""
        name, better = name or self.name(target), stable(self._settled(value), self._defined)
        self._defined[target] = (axes, better)
        self.lines.append(Line(name, axes, better, part, claim))
        return name

    def _settled(self, value: Expr) -> Expr:
        """The value with the slope of a step, which is 0 everywhere, as that number: nothing is called for it."""
        known = {head: self._claims[kind(head)].rhs for head in value.atoms(Head) if kind(head) in self._claims}
        return value.xreplace({head: number for head, number in known.items() if number.is_number})

    @cached_property
    def _claims(self) -> dict[Any, Equation]:
        """What every function that may be called is defined as."""
        claims = {kind(one.lhs): one for one in self.derivation.program.functions}
        return claims | {kind(step.claim.lhs): step.claim for step in self.steps if step.rule == "closed-form"}

    def done(self, things: Iterable[Array | Scalar | Any], results: Sequence[str]) -> Plan:
        """The plan; `things` are the inputs in their order, to which widths and functions that occur are added."""
        helpers = tuple(self._helpers())
        known = [self._input(one) for one in things]
        extra = [Input(self.name(one), one) for one in self._numbers() if one not in [i.thing for i in known]]
        functions = [Input(self.name.function(one), type(one)) for one in self._unknown(helpers)]
        return Plan((*known, *extra, *functions), tuple(self.lines), tuple(results), helpers, self.name,
                    self.name.function, dict(self.derivation.sizes))  # fmt: skip

    def _input(self, thing: Array | Scalar) -> Input:
        array = self.sampled(thing)
        if isinstance(array, Scalar):
            return Input(self.name(array), thing)
        axes = tuple(Index(f"i{n}", space) for n, space in enumerate(array.spaces))
        return Input(self.name(array), array, axes)

    def sampled(self, thing: Array | Scalar) -> Array | Scalar:
        """The array that stands for a thing in the lines."""
        batch = getattr(self, "batch", None)
        return batch.add(thing) if batch is not None and thing in batch else thing

    def _numbers(self) -> list[Expr]:
        """Numbers and widths that the lines speak of and nothing gives yet."""
        defined = {line.name for line in self.lines}
        found: dict[Expr, None] = {}
        for line in self.lines:
            places = {index.space.size for index in (*line.axes, *line.value.atoms(Index))}
            for one in sorted(
                line.value.atoms(Width, Scalar) | {one for one in places if isinstance(one, Width)}, key=str
            ):
                if self.name(one) not in defined and one not in self.derivation.sizes:
                    found[one] = None
        return list(found)

    def _heads(self) -> list[Head]:
        found = {one for line in self.lines for one in line.value.atoms(Head)}
        return sorted(found, key=lambda one: (one.order, str(one)))

    def _unknown(self, helpers: Sequence[Helper]) -> list[Head]:
        defined = {type(one.head) for one in helpers}
        found = {type(one): one for one in self._heads() if isinstance(one, Unknown) and type(one) not in defined}
        return list(found.values())

    def _helpers(self) -> list[Helper]:
        """Every activation and slope that is called, what it calls itself before it."""
        found: dict[Any, Helper] = {}
        for head in self._heads():
            self._helper(head, found)
        return list(found.values())

    def _helper(self, head: Head, found: dict[Any, Helper]) -> None:
        claim = self._claims.get(kind(head))
        if claim is None or kind(head) in found:
            return
        for inner in sorted(claim.rhs.atoms(Head), key=lambda one: (one.order, str(one))):
            self._helper(inner, found)
        letters = tuple(one for one in claim.lhs.args if isinstance(one, Symbol))
        value = stable(claim.rhs, {})
        found[kind(head)] = Helper(self.name.function(claim.lhs), claim.lhs, letters, value)
