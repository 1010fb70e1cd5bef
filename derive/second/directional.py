"""The R-equations of a derivation, in steps: each of its equations differentiated along the directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Indexed, Mul

from derive.closedform import closed_form
from derive.contract import contract, tidy
from derive.derivation import Derivation
from derive.equation import Equation
from derive.folding import Folder
from derive.functions import Head, kind, primed
from derive.naming import LETTERS
from derive.program import Program
from derive.rewrite import match, substitute
from derive.second.moving import moved, within
from derive.second.tangent import Quantity, of_gradient, tangent
from derive.simplify import shorter
from derive.step import Step
from derive.symbols import Array, free_indices

Directions = Mapping[Quantity, Quantity]
MOST_TO_FACTOR = 60  # to factor what is longer takes minutes, and makes nothing shorter


@dataclass(frozen=True)
class First:
    """A first derivation: its program, its steps, and the last claim about each derivative with its name, in order."""

    program: Program
    steps: tuple[Step, ...]
    adjoints: tuple[tuple[Quantity, Array | None, Equation], ...]
    layered: bool

    @classmethod
    def of(cls, derivation: Derivation) -> First:
        """What a derivation found."""
        return cls(derivation.program, derivation.steps, derivation.adjoints, derivation.layered)


@dataclass(frozen=True)
class _Source:
    """An equation X_q = rhs of the derivation that is to be differentiated; `lhs` is R{X_q}.

    `own` is the definition where it is one; `by` is θ where the equation is about ∂E/∂θ.
    """

    of: Expr
    lhs: Expr
    rhs: Expr
    premises: tuple[int, ...]
    own: Equation | None = None
    by: Quantity | None = None

    @property
    def quantity(self) -> Quantity:
        """R{X}."""
        return Program.symbol(self.lhs)


@dataclass
class Directional:
    """The steps so far.

    `claims` are the last about each R{X}, `concluded` the numbers of their steps, `tangents` what each X moves by,
    `results` the arrays of R{∂E/∂θ}, `zero` the R{X} that are 0.
    """

    derivation: First
    directions: Directions
    steps: list[Step] = field(default_factory=list)
    claims: dict[Quantity, Equation] = field(default_factory=dict)
    concluded: dict[Quantity, int] = field(default_factory=dict)
    tangents: dict[Quantity, Quantity] = field(default_factory=dict)
    results: dict[Quantity, Quantity] = field(default_factory=dict)
    zero: dict[Quantity, int] = field(default_factory=dict)
    _closed: dict[object, int] = field(default_factory=dict)

    def add(self, lhs: Expr, rhs: Expr, rule: str, *premises: int) -> int:
        """Append a step and return its number."""
        number = len(self.steps)
        self.steps.append(Step(number, Equation(lhs, rhs), rule, tuple(dict.fromkeys(premises))))
        return number


def directional(derivation: First, directions: Directions) -> Directional:
    """The steps of a derivation, then every R-equation that R{∂E/∂θ} needs, in an order in which they can run."""
    found = Directional(derivation, directions, list(derivation.steps), tangents=dict(directions))
    for step in derivation.steps:
        if step.rule == "closed-form":
            found._closed[kind(step.claim.lhs)] = step.number
    for source in _needed(derivation, directions):
        _differentiate(found, source)
    return found


def _needed(derivation: First, directions: Directions) -> list[_Source]:
    """The equations that move and that some R{∂E/∂θ} needs, in order."""
    moves: set[Expr] = set(directions)
    moving = []
    for one in _sources(derivation, directions):
        if within(one.rhs) & moves:
            moves.add(one.of)
            moving.append(one)
        elif one.by is not None:  # ∂E/∂θ does not move: (∇²E) V is 0 there
            moving.append(one)
    wanted: set[Expr] = set()
    kept = []
    for one in reversed(moving):
        if one.by is not None or one.of in wanted:
            wanted |= within(one.rhs)
            kept.append(one)
    return kept[::-1]


def _sources(derivation: First, directions: Directions) -> Iterator[_Source]:
    """Definitions, then what names an adjoint or concludes ∂E/∂θ, in the order of the derivation."""
    program = derivation.program
    for step in derivation.steps:
        symbol = Program.symbol(step.claim.lhs)
        if step.rule == "definition" and symbol in program.by_symbol:
            yield _Source(symbol, _at(tangent(symbol), step.claim.lhs), step.claim.rhs, (step.number,), step.claim)
    concluded = {step.claim: step.number for step in derivation.steps}
    names = {step.claim.lhs.base: step.number for step in derivation.steps if step.rule == "name"}
    for variable, name, claim in derivation.adjoints:
        premises = (*((names[name],) if name is not None else ()), concluded[claim])
        by = variable if variable in directions else None
        if name is not None:
            yield _Source(name, _at(tangent(name), claim.lhs.denominator), claim.rhs, premises, by=by)
        elif by is not None:
            lhs = _at(of_gradient(claim.lhs), claim.lhs.denominator)
            yield _Source(claim.lhs, lhs, claim.rhs, premises, by=by)


def _at(quantity: Quantity, entry: Expr) -> Expr:
    """The entry of R{X} at the indices of an entry of X; a number as it is."""
    return quantity[entry.indices] if isinstance(entry, Indexed) else quantity


def _differentiate(state: Directional, source: _Source) -> None:
    """The steps about one R{X}."""
    lhs, quantity = source.lhs, source.quantity
    raw = moved(source.rhs, state.tangents, free_indices(lhs))
    number = state.add(lhs, raw, "direction", *source.premises)
    number = _without_zeros(state, number)
    number = _folded(state, source, number)
    number = _bent(state, number)
    state.tangents[source.of] = quantity
    state.claims[quantity], state.concluded[quantity] = state.steps[number].claim, number
    if source.by is not None:
        state.results[source.by] = quantity
    if state.steps[number].claim.rhs == 0:
        state.zero[quantity] = number


def _without_zeros(state: Directional, number: int) -> int:
    """The claim without the R{X} that are 0."""
    claim = state.steps[number].claim
    found = [one for one in state.zero if claim.rhs.has(one)]
    if not found:
        return number
    zeros = [state.steps[state.zero[one]] for one in found]
    rhs = contract(substitute(claim.rhs, *(step.claim for step in zeros)))
    return state.add(
        claim.lhs, tidy(rhs, free_indices(claim.lhs)), "substitution", number, *(one.number for one in zeros)
    )


def _folded(state: Directional, source: _Source, number: int) -> int:
    """The claim in the quantities that have a name: e^{z_i}/Σ_k e^{z_k} is a_i."""
    derivation, claim = state.derivation, state.steps[number].claim
    rhs, used = claim.rhs, [source.own] if source.own is not None else []
    if not derivation.layered:
        rhs, used = LETTERS.folded(derivation.program, rhs, source.own)
    elif source.own is not None and isinstance(source.own.rhs, Mul):
        rhs = Folder((source.own,))(rhs)
    rhs = tidy(rhs, free_indices(claim.lhs))
    if rhs == claim.rhs:
        return number
    symbols = [Program.symbol(one.lhs) for one in used]
    premises = [step.number for step in derivation.steps
                if step.rule == "definition" and Program.symbol(step.claim.lhs) in symbols]  # fmt: skip
    return state.add(claim.lhs, rhs, "folding", number, *premises)


def _bent(state: Directional, number: int) -> int:
    """The claim where σ″ is 0, as that of a piecewise linear activation, and the closed form of every other σ″."""
    claim = state.steps[number].claim
    heads = sorted(claim.rhs.atoms(Head), key=str)
    flat = [step for one in heads if (step := _closed_form(state, one)) is not None and step.claim.rhs == 0]
    if not flat:
        return number
    rhs = contract(substitute(claim.rhs, *(step.claim for step in flat)))
    premises = (number, *(step.number for step in flat))
    return state.add(claim.lhs, tidy(rhs, free_indices(claim.lhs)), "simplification", *premises)


def stored(state: Directional, number: int) -> Equation | None:
    """The claim of a step with every σ′(z) and σ″(z) in what the forward pass stored; None where that is not known."""
    claim = state.steps[number].claim
    heads = [one for one in sorted(claim.rhs.atoms(Head), key=lambda one: (-one.order, str(one))) if one.order]
    found = [slope_at(state, one) for one in heads]
    known = [one for one in found if one is not None]
    if not known or len(known) != len(heads):
        return None
    rhs = substitute(claim.rhs, *(step.claim for step in known))
    rhs = tidy(shorter(rhs) if rhs.count_ops() < MOST_TO_FACTOR else rhs, free_indices(claim.lhs))
    return state.steps[state.add(claim.lhs, rhs, "simplification", number, *(one.number for one in known))].claim


def slope_at(state: Directional, head: Head) -> Step | None:
    """σ′(z_j) = a_j(1 − a_j) and σ″(z_j) = a_j(1 − a_j)(1 − 2a_j), where a_j = σ(z_j); None where there is no such."""
    known = next((one for one in state.steps if one.rule == "slope" and match(one.claim.lhs, head) is not None), None)
    if known is not None or head.order < 2:
        return known
    value = next((step for step in state.steps if step.rule == "definition" and isinstance(step.claim.lhs, Indexed)
                  and _bends(step.claim.rhs, head)), None)  # fmt: skip
    closed = _closed_form(state, head)
    if value is None or closed is None:
        return None
    at = type(head)(*value.claim.rhs.args)
    below = state._closed.get(kind(primed(type(value.claim.rhs))(*value.claim.rhs.args)))
    lower = () if below is None else (state.steps[below],)
    rhs = substitute(at, closed.claim, *(step.claim for step in lower))
    rhs = substitute(rhs, Equation(value.claim.rhs, value.claim.lhs))
    if rhs.has(Head):
        return None
    return state.steps[state.add(at, rhs, "slope", closed.number, *(one.number for one in lower), value.number)]


def _bends(value: Expr, head: Head) -> bool:
    """Whether a head is a derivative of a function at the very place at which that is applied."""
    same = isinstance(value, Head) and value.row is head.row and value.order == 0 and value.args[1:] == head.args[1:]
    return same and match(value.args[0], head.args[0]) is not None


def _closed_form(state: Directional, head: Head) -> Step | None:
    """σ″(u) = …, from σ′(u) = …; None for σ′, which is known, and where nothing is known of the function."""
    if kind(head) in state._closed:
        return state.steps[state._closed[kind(head)]] if head.order > 1 else None
    before = next((one for one in state.steps if one.rule == "closed-form" and _follows(one.claim.lhs, head)), None)
    if before is None:
        return None
    slope = primed(type(before.claim.lhs))(*before.claim.lhs.args)
    state._closed[kind(head)] = number = state.add(slope, closed_form(before.claim), "closed-form", before.number)
    return state.steps[number]


def _follows(value: Head, slope: Head) -> bool:
    """Whether one function is the derivative of another, with the same constants."""
    return kind(primed(type(value))(*value.args)) == kind(slope)
