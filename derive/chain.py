"""Reverse accumulation: from the loss backwards, one adjoint after another, in steps that a reader can follow.

For an array V, with one equation for each quantity U that V feeds:

    ∂E/∂V_p = Σ_U Σ_q ∂E/∂U_q · ∂U_q/∂V_p            chain rule
    ∂U_q/∂V_p = …                                     differentiate U's definition
    ∂E/∂V_p = …                                       substitute; the deltas pick their terms
    δ_p = ∂E/∂V_p                                     a name, where the result is used more than once
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Expr, Indexed, Integer, Pow, Sum

from derive.closedform import closed_form
from derive.contract import common_factors, contract, fresh, instantiate, tidy
from derive.differentiate import differentiate
from derive.equation import Equation
from derive.functions import Head, kind, primed
from derive.naming import LAYERS, Naming
from derive.program import Program
from derive.rewrite import substitute
from derive.step import Step
from derive.symbols import Array, Local, Partial, Scalar, free_indices, total


@dataclass
class Accumulation:
    """The steps so far; `result` finds the last step about ∂E/∂V, `named` the step that named it."""

    program: Program
    naming: Naming
    steps: list[Step] = field(default_factory=list)
    definition: dict[Any, int] = field(default_factory=dict)
    closed: dict[Any, int] = field(default_factory=dict)
    slope: dict[Array, int] = field(default_factory=dict)
    result: dict[Array | Scalar, int] = field(default_factory=dict)
    named: dict[Array, int] = field(default_factory=dict)

    def add(self, lhs: Expr, rhs: Expr, rule: str, *premises: int) -> int:
        """Append a step and return its number."""
        number = len(self.steps)
        self.steps.append(Step(number, Equation(lhs, rhs), rule, tuple(dict.fromkeys(premises))))
        return number

    def claim(self, number: int) -> Equation:
        """The claim of a step."""
        return self.steps[number].claim


def accumulate(program: Program, naming: Naming = LAYERS) -> Accumulation:
    """All steps from the definitions to the derivative of the target by every array of `program.wrt`."""
    state = Accumulation(program, naming)
    for equation in (*program.functions, *program.definitions, *program.facts):
        rule = "assumption" if equation in program.facts else "definition"
        state.definition[_defined(equation.lhs)] = state.add(equation.lhs, equation.rhs, rule)
    for equation in program.functions:
        value = equation.lhs
        slope = primed(type(value))(*value.args)
        number = state.add(slope, closed_form(equation), "closed-form", state.definition[kind(value)])
        state.closed[kind(slope)] = number
    for equation in program.definitions:
        _slope(state, equation)
    for array in program.order:
        _adjoint(state, array)
    return state


def _slope(state: Accumulation, equation: Equation) -> None:
    """σ′(z_j) = a_j(1 − a_j) for a layer a_j = σ(z_j), where the closed form is one in σ(u)."""
    if not isinstance(equation.rhs, Head) or not isinstance(equation.lhs, Indexed):
        return
    array, at = equation.lhs.base, primed(type(equation.rhs))(*equation.rhs.args)
    if kind(at) not in state.closed:
        return
    source = state.closed[kind(at)]
    slope = substitute(substitute(at, state.claim(source)), Equation(equation.rhs, equation.lhs))
    if slope.has(array):
        state.slope[array] = state.add(at, slope, "slope", source, state.definition[array])


def _defined(lhs: Expr) -> Any:
    """What a left side defines: an array, a function, a number, or a sum known by assumption."""
    return lhs.base if isinstance(lhs, Indexed) else kind(lhs) if isinstance(lhs, Head) else lhs


def _adjoint(state: Accumulation, array: Array | Scalar) -> None:
    """The steps that find ∂E/∂array, and its name where it is used again."""
    program, entry = state.program, state.program.entry(array)
    lhs = Partial(program.target, entry)
    fed = [one for one in program.consumers[array] if _defined(one.lhs) in program.active]
    direct = [one.lhs for one in fed] == [program.target]
    number = _direct(state, lhs, fed[0]) if direct else _through(state, lhs, fed)
    number = _with_facts(state, lhs, number)
    number = _folded(state, lhs, number, None)
    state.result[array] = _cancelled(state, lhs, number)
    if isinstance(array, Array) and state.naming.at_once(program, array):
        _name(state, array)


def _name(state: Accumulation, array: Array) -> int:
    """The step that names ∂E/∂array."""
    name = state.naming.name(state.program, array)
    entry = state.program.entry(array)
    state.named[array] = state.add(name[entry.indices], Partial(state.program.target, entry), "name")
    return state.named[array]


def _folded(state: Accumulation, lhs: Expr, number: int, own: Equation | None) -> int:
    """A claim in the quantities that have a name, where that is another."""
    rhs, used = state.naming.folded(state.program, state.claim(number).rhs, own)
    rhs = rhs if rhs is state.claim(number).rhs else tidy(rhs, free_indices(lhs))
    if rhs == state.claim(number).rhs:
        return number
    return state.add(lhs, rhs, "folding", number, *(state.definition[_defined(one.lhs)] for one in used))


def _direct(state: Accumulation, lhs: Expr, equation: Equation) -> int:
    """∂E/∂V where V stands in E's own definition and nowhere else."""
    rhs = tidy(common_factors(contract(differentiate(_apart(equation.rhs, lhs), lhs.denominator))))
    return state.add(lhs, rhs, "local-derivative", state.definition[equation.lhs])


def _apart(expression: Expr, lhs: Expr) -> Expr:
    """The expression with bound indices that no free index of `lhs` shares a name with."""
    return tidy(expression, free_indices(lhs))


def _through(state: Accumulation, lhs: Expr, fed: list[Equation]) -> int:
    """∂E/∂V by the chain rule through every U that V feeds."""
    links = [_Link.of(state, equation, lhs) for equation in fed]
    chain = Add(*(total(link.adjoint * link.local, *link.indices) for link in links))
    premises = [state.add(lhs, tidy(chain, free_indices(lhs)), "chain-rule")]
    premises += [link.differentiate(state) for link in links]
    terms = Add(*(total(link.adjoint * state.claim(number).rhs, *link.indices)
                  for link, number in zip(links, premises[1:], strict=True)))  # fmt: skip
    result = contract(terms)
    for link in links:
        result, used = link.resolve(state, result)
        premises += used
    return state.add(lhs, tidy(common_factors(contract(result)), free_indices(lhs)), "substitution", *premises)


@dataclass(frozen=True)
class _Link:
    """One U that V feeds: ∂E/∂U_q and ∂U_q/∂V_p, with q written in fresh letters."""

    equation: Equation
    indices: tuple[Expr, ...]
    adjoint: Expr
    local: Expr

    @classmethod
    def of(cls, state: Accumulation, equation: Equation, lhs: Expr) -> _Link:
        taken = set(free_indices(lhs))
        values = {}
        for index in equation.indices:
            values[index] = fresh(index, taken)
            taken.add(values[index])
        claimed = Equation(instantiate(equation.lhs, values), instantiate(equation.rhs, values))
        itself = equation.lhs == state.program.target  # ∂E/∂E is 1 and is not written
        target = Integer(1) if itself else Partial(state.program.target, claimed.lhs)
        return cls(claimed, tuple(values.values()), target, Local(claimed.lhs, lhs.denominator))

    def differentiate(self, state: Accumulation) -> int:
        """The step that says what ∂U_q/∂V_p is, in named quantities where they occur."""
        source = state.definition[_defined(self.equation.lhs)]
        by = self.local.denominator
        rhs = contract(differentiate(_apart(self.equation.rhs, self.local), by))
        number = state.add(self.local, tidy(rhs, free_indices(self.local)), "local-derivative", source)
        number = _folded(state, self.local, number, state.claim(source))
        slope = state.slope.get(_defined(self.equation.lhs))
        rhs = state.claim(number).rhs
        known = rhs if slope is None else state.naming.slope(rhs, state.claim(slope))
        used = () if slope is None else state.steps[slope].premises
        return number if known == rhs else state.add(self.local, known, "folding", number, *used)

    def resolve(self, state: Accumulation, expression: Expr) -> tuple[Expr, list[int]]:
        """Put what is known of ∂E/∂U into the expression: its name, else its formula; a sum used twice gets a name."""
        if self.equation.lhs == state.program.target:
            return expression, []
        array = _defined(self.equation.lhs)
        claim = state.claim(state.result[array])
        wanted = isinstance(array, Array) and array not in state.named
        if wanted and state.naming.in_time(state.program, array, claim, expression):
            _name(state, array)
        if array not in state.named:
            return substitute(expression, claim), [state.result[array]]
        naming = state.claim(state.named[array])
        return substitute(expression, Equation(naming.rhs, naming.lhs)), [state.named[array]]


def _with_facts(state: Accumulation, lhs: Expr, number: int) -> int:
    """Use what holds by assumption, such as Σ_k y_k = 1, if it occurs."""
    for fact in state.program.facts:
        rhs = state.claim(number).rhs
        used = substitute(rhs, fact) if rhs.has(Sum) else rhs
        if used != rhs:
            number = state.add(lhs, used, "normalisation", number, state.definition[fact.lhs])
    return number


def _heads(expression: Expr) -> list[Head]:
    return sorted(expression.atoms(Head), key=str)


def _cancelled(state: Accumulation, lhs: Expr, number: int) -> int:
    """Put in the closed form of σ′ and cancel, where something can cancel and the result is shorter."""
    rhs = state.claim(number).rhs
    if not any(power.exp.is_negative for power in rhs.atoms(Pow)):
        return number
    slopes = [state.closed[kind(one)] for one in _heads(rhs) if kind(one) in state.closed]
    values = [one for one in state.program.definitions if isinstance(one.rhs, Head)] if slopes else []
    plain = substitute(rhs, *(state.claim(one) for one in slopes), *(Equation(one.rhs, one.lhs) for one in values))
    best = tidy(state.naming.shorter(plain), free_indices(lhs))
    if best == rhs or best.count_ops() >= rhs.count_ops():
        return number
    folded = [state.definition[_defined(one.lhs)] for one in values if best.has(_defined(one.lhs))]
    return state.add(lhs, best, "simplification", number, *slopes, *folded)
