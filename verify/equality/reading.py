"""SymPy expressions as polynomials, with equations put in from left to right on the way.

A `Reader` knows equations: wherever the left side of one stands, its right side is read instead.  Reading gives raw
terms; `form` puts them in canonical form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import sympy
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Piecewise, Pow, Rational, Sum
from sympy.core.function import Function
from sympy.core.relational import Relational

from derive.equation import Equation
from derive.functions import Head
from derive.symbols import Array, Local, Partial, Scalar, Width
from derive.symbols import Index as Letter
from verify.equality.polynomial import (
    Atom,
    Index,
    Polynomial,
    Raw,
    Term,
    Undecided,
    canonical,
    fresh,
    mentions,
    multiplied,
    renamed,
)
from verify.equality.powers import ONE, Terms, exponential, power
from verify.equality.signs import indicator, nonnegative, sign

__all__ = ["ONE", "Reader", "Terms", "at", "kind", "opened", "space_name"]
MOST_DEPTH = 200


@dataclass(frozen=True)
class Reader:
    """Reads expressions.

    `rules` are equations by the kind of their left side (see `kind`), the later before the earlier; `facts` are
    equations whose left side is a sum, such as Σ_k y_k = 1.
    """

    rules: Mapping[Any, list[Equation]] = field(default_factory=dict)
    facts: tuple[Equation, ...] = ()

    @classmethod
    def using(cls, equations: Iterable[Equation]) -> Reader:
        """A reader that puts these equations in from left to right."""
        listed = list(equations)
        rules: dict[Any, list[Equation]] = {}
        for one in reversed(listed):
            rules.setdefault(kind(one.lhs), []).append(one)
        return cls(rules, tuple(one for one in listed if isinstance(one.lhs, Sum)))

    def form(self, expression: Expr, names: Mapping[Any, Any] | None = None) -> Polynomial:
        """The canonical form of an expression."""
        found = canonical(self.terms(expression, names or {}))
        for fact in self.facts:
            found = _with_fact(found, *self._fact(fact))
        return found

    def _fact(self, fact: Equation) -> tuple[Term, Fraction]:
        plain = Reader()
        left, right = plain.form(fact.lhs), plain.form(fact.rhs).constant
        if len(left) != 1 or right is None or len(left[0][0][0]) != 1 or len(left[0][0][1]) != 1:
            raise Undecided(f"{fact} does not say that a single sum of one factor is a number")
        ((term, coefficient),) = left
        return term, right / coefficient

    def terms(self, expression: Expr, names: Mapping[Any, Any], depth: int = 0) -> Terms:
        """The raw terms of an expression; `names` gives indices and arguments their values."""
        if depth > MOST_DEPTH:
            raise Undecided("the equations refer to one another without end")
        for rule in self.rules.get(kind(expression), ()) if isinstance(expression, _RULED) else ():
            found: dict[Any, Any] = {}
            if _match(self, rule.lhs, expression, names, found, depth + 1):
                return self.terms(rule.rhs, found, depth + 1)
        for node, read in _READERS.items():
            if isinstance(expression, node):
                return read(self, expression, names, depth)
        raise Undecided(f"no rule for reading {type(expression).__name__}")

    def atom(self, expression: Expr, names: Mapping[Any, Any]) -> Atom:
        """An entry, ∂…/∂… or a number's name as an atom."""
        if isinstance(expression, Indexed):
            return ("x", array_name(expression.base), *(at(index, names) for index in expression.indices))
        if isinstance(expression, Partial | Local):
            return (type(expression).__name__, *(self.atom(part, names) for part in expression.args))
        return ("c", expression.name, expression.role) if isinstance(expression, Scalar) else (str(expression),)

    def condition(self, condition: Any, names: Mapping[Any, Any], depth: int) -> Terms:
        """1 where a condition holds, else 0."""
        if condition == True:  # noqa: E712  SymPy's own true
            return [(ONE, {}, ())]
        if not isinstance(condition, Relational) or condition.rel_op not in ("<", ">", "<=", ">="):
            raise Undecided(f"no rule for the condition {condition}")
        holds = indicator if condition.rel_op in ("<", ">") else nonnegative
        return holds(self.over(condition.gts - condition.lts, names, depth + 1))

    def over(self, expression: Expr, names: Mapping[Any, Any], depth: int) -> Polynomial:
        """The canonical form of an argument."""
        return canonical(self.terms(expression, names, depth))


def kind(expression: Expr) -> Any:
    """What a left side speaks of: an array, ∂E/∂array, ∂U/∂V, a function."""
    if isinstance(expression, Indexed):
        return expression.base
    if isinstance(expression, Partial | Local):
        return (type(expression), *(kind(part) for part in expression.args))
    return (type(expression), *expression.args[1:]) if isinstance(expression, Head) else expression


_RULED = (Indexed, Partial, Local, Head, Scalar)


def at(index: Expr, names: Mapping[Any, Any]) -> Index:
    """An index as it stands at this place."""
    if isinstance(index, Letter):
        return names[index] if index in names else ("f", index.name, space_name(index.space))
    return ("i", int(index))


@cache
def array_name(array: Array) -> str:
    """An array's role, layer and spaces in one word: arrays that differ in any of them are different."""
    return "|".join([array.role, str(array.layer), *(space_name(space) for space in array.spaces)])


def space_name(space: Any) -> str:
    """A space's name and width in one word."""
    return f"{space.name}|{space.size}"


def _match(
    reader: Reader, pattern: Expr, expression: Expr, names: Mapping[Any, Any], found: dict[Any, Any], depth: int
) -> bool:
    """Whether an expression is an instance of a left side; `found` gets the values of its indices and arguments."""
    if isinstance(pattern, Letter):
        value = at(expression, names)
        return bool(found.setdefault(pattern, value) == value)
    if isinstance(pattern, Scalar) and pattern.role == "argument":
        terms = reader.terms(expression, names, depth)
        return canonical(found.setdefault(pattern, terms)) == canonical(terms)
    if isinstance(pattern, Head | Indexed | Partial | Local):
        pairs = zip(pattern.args, expression.args, strict=False)
        alike = type(pattern) is type(expression) and len(pattern.args) == len(expression.args)
        return alike and all(_match(reader, one, other, names, found, depth) for one, other in pairs)
    return bool(pattern == expression) and not _varies(pattern)


def _varies(pattern: Expr) -> bool:
    """Whether indices or arguments stand in a part of a left side that is compared as it is written."""
    letters = (one for one in pattern.atoms(Letter, Scalar) if isinstance(one, Letter) or one.role == "argument")
    return not isinstance(pattern, Array) and any(True for _ in letters)


def opened(expression: Sum, names: Mapping[Any, Any]) -> tuple[dict[Any, Any], tuple[Index, ...]]:
    """The values of indices within a sum, and the sum's own; of one letter that is bound twice, the inner counts."""
    pairs = [(limit[0], fresh(space_name(limit[0].space))) for limit in expression.limits]
    return {**names, **dict(reversed(pairs))}, tuple(index for _, index in pairs)


def _sum(reader: Reader, expression: Sum, names: Mapping[Any, Any], depth: int) -> Terms:
    inside, own = opened(expression, names)
    return [(c, factors, (*bound, *own)) for c, factors, bound in reader.terms(expression.function, inside, depth + 1)]


def _mul(reader: Reader, expression: Mul, names: Mapping[Any, Any], depth: int) -> Terms:
    result: Terms = [(ONE, {}, ())]
    for part in expression.args:
        result = multiplied(result, reader.terms(part, names, depth + 1))
    return result


def _add(reader: Reader, expression: Add, names: Mapping[Any, Any], depth: int) -> Terms:
    return [term for part in expression.args for term in reader.terms(part, names, depth + 1)]


def _pow(reader: Reader, expression: Pow, names: Mapping[Any, Any], depth: int) -> Terms:
    base, exponent = expression.args
    if base == sympy.E:
        return _exp(reader, expression, names, depth)
    if not exponent.is_Rational:
        raise Undecided(f"the exponent of {expression} is not a number")
    return power(reader.over(base, names, depth + 1), Fraction(int(exponent.p), int(exponent.q)))


def _exp(reader: Reader, expression: Expr, names: Mapping[Any, Any], depth: int) -> Terms:
    return exponential(reader.over(expression.exp, names, depth + 1))


def _piecewise(reader: Reader, expression: Piecewise, names: Mapping[Any, Any], depth: int) -> Terms:
    result: Terms = []
    left: Terms = [(ONE, {}, ())]
    for value, condition in expression.args:
        here = multiplied(left, reader.condition(condition, names, depth))
        result += multiplied(here, reader.terms(value, names, depth + 1))
        left += [(-c, factors, bound) for c, factors, bound in here]
    return result


def _function(name: str, parity: int) -> Callable[..., Terms]:
    """A function of one argument as an atom; of an even or odd function, f(−u) is written by f(u)."""

    def read(reader: Reader, expression: Function, names: Mapping[Any, Any], depth: int) -> Terms:
        argument = reader.over(expression.args[0], names, depth + 1)
        if not parity or not argument or argument[0][1] > 0:
            return [(ONE, {(name, argument): ONE}, ())] if argument or parity >= 0 else []
        mirrored = Polynomial((term, -coefficient) for term, coefficient in argument)
        return [(Fraction(parity), {(name, mirrored): ONE}, ())]

    return read


def _head(reader: Reader, expression: Head, names: Mapping[Any, Any], depth: int) -> Terms:
    arguments = [reader.over(one, names, depth + 1) for one in expression.args]
    return [(ONE, {("head", expression.row.name, expression.order, *arguments): ONE}, ())]


def _abs(reader: Reader, expression: Function, names: Mapping[Any, Any], depth: int) -> Terms:
    argument = reader.over(expression.args[0], names, depth + 1)
    return multiplied(sign(argument), argument.raw())


def _sign(reader: Reader, expression: Function, names: Mapping[Any, Any], depth: int) -> Terms:
    return sign(reader.over(expression.args[0], names, depth + 1))


def _sinh(reader: Reader, expression: Function, names: Mapping[Any, Any], depth: int) -> Terms:
    u = expression.args[0]
    return multiplied(reader.terms(sympy.tanh(u), names, depth + 1), reader.terms(sympy.cosh(u), names, depth + 1))


def _single(reader: Reader, expression: Expr, names: Mapping[Any, Any], depth: int) -> Terms:
    return [(ONE, {reader.atom(expression, names): ONE}, ())]


def _scalar(reader: Reader, expression: Scalar, names: Mapping[Any, Any], depth: int) -> Terms:
    return list(names[expression]) if expression in names else _single(reader, expression, names, depth)


def _delta(reader: Reader, expression: KroneckerDelta, names: Mapping[Any, Any], depth: int) -> Terms:
    return [(ONE, {("d", *(at(index, names) for index in expression.args)): ONE}, ())]


def _rational(reader: Reader, expression: Rational, names: Mapping[Any, Any], depth: int) -> Terms:
    value = Fraction(int(expression.p), int(expression.q))
    return [(value, {}, ())] if value else []


def _width(reader: Reader, expression: Width, names: Mapping[Any, Any], depth: int) -> Terms:
    return [(ONE, {("w", str(expression)): ONE}, ())]


# One row for each kind of node; the first that fits is taken.
_READERS: dict[type[Any], Callable[[Reader, Any, Mapping[Any, Any], int], Terms]] = {
    Rational: _rational,
    Add: _add,
    Mul: _mul,
    Sum: _sum,
    Indexed: _single,
    Partial: _single,
    Local: _single,
    Head: _head,
    KroneckerDelta: _delta,
    sympy.exp: _exp,
    Pow: _pow,
    Piecewise: _piecewise,
    sympy.Abs: _abs,
    sympy.sign: _sign,
    sympy.sinh: _sinh,
    sympy.log: _function("log", 0),
    sympy.tanh: _function("tanh", -1),
    sympy.cosh: _function("cosh", 1),
    sympy.erf: _function("erf", -1),
    Width: _width,
    Scalar: _scalar,
    type(sympy.pi): _single,
    type(sympy.E): lambda reader, expression, names, depth: _exp(reader, sympy.exp(1, evaluate=False), names, depth),
}


def _with_fact(form: Polynomial, fact: Term, value: Fraction) -> Polynomial:
    """A form in which every sum that a fact knows is the number that the fact gives."""
    ((atom, exponent),), (own,) = fact
    found: list[Raw] = []
    for coefficient, factors, bound in form.raw():
        for index in bound:
            touched = [one for one in factors if mentions(one, (index,))]
            if touched == [renamed(atom, {own: index})] and factors[touched[0]] == exponent:
                factors = {one: power for one, power in factors.items() if one != touched[0]}
                coefficient, bound = coefficient * value, tuple(other for other in bound if other != index)
        found.append((coefficient, factors, bound))
    return canonical(found)
