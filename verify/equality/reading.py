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
    ZERO,
    Atom,
    Index,
    Polynomial,
    Raw,
    Term,
    Undecided,
    canonical,
    fresh,
    multiplied,
    renamed,
)

MOST_DEPTH = 200
ONE = Fraction(1)
Terms = list[Raw]


@dataclass(frozen=True)
class Reader:
    """Reads expressions.

    `rules` are equations by the kind of their left side (see `kind`); `facts` are equations whose left side is a sum,
    such as Σ_k y_k = 1.
    """

    rules: Mapping[Any, Equation] = field(default_factory=dict)
    facts: tuple[Equation, ...] = ()

    @classmethod
    def using(cls, equations: Iterable[Equation]) -> Reader:
        """A reader that puts these equations in from left to right."""
        listed = list(equations)
        facts = tuple(one for one in listed if isinstance(one.lhs, Sum))
        return cls({kind(one.lhs): one for one in listed if not isinstance(one.lhs, Sum)}, facts)

    def form(self, expression: Expr, names: Mapping[Any, Any] | None = None) -> Polynomial:
        """The canonical form of an expression."""
        found = canonical(self.terms(expression, names or {}))
        for fact in self.facts:
            found = _with_fact(found, *self._fact(fact))
        return found

    def _fact(self, fact: Equation) -> tuple[Term, Fraction]:
        plain = Reader()
        left, right = plain.form(fact.lhs), plain.form(fact.rhs).constant
        if len(left) != 1 or right is None:
            raise Undecided(f"{fact} is not a single sum that is a number")
        ((term, coefficient),) = left
        return term, right / coefficient

    def terms(self, expression: Expr, names: Mapping[Any, Any], depth: int = 0) -> Terms:
        """The raw terms of an expression; `names` gives indices and arguments their values."""
        if depth > MOST_DEPTH:
            raise Undecided("the equations refer to one another without end")
        rule = self.rules.get(kind(expression)) if isinstance(expression, _RULED) else None
        if rule is not None:
            return self.terms(rule.rhs, self._matched(rule.lhs, expression, names), depth + 1)
        for node, read in _READERS.items():
            if isinstance(expression, node):
                return read(self, expression, names, depth)
        raise Undecided(f"no rule for reading {type(expression).__name__}")

    def _matched(self, pattern: Expr, expression: Expr, names: Mapping[Any, Any]) -> dict[Any, Any]:
        """The values of a left side's indices and arguments at this place."""
        found: dict[Any, Any] = {}
        _match(self, pattern, expression, names, found)
        return found

    def atom(self, expression: Expr, names: Mapping[Any, Any]) -> Atom:
        """An entry, ∂…/∂… or a number's name as an atom."""
        if isinstance(expression, Indexed):
            return ("x", array_name(expression.base), *(at(index, names) for index in expression.indices))
        if isinstance(expression, Partial | Local):
            return (type(expression).__name__, *(self.atom(part, names) for part in expression.args))
        return ("c", str(expression))

    def condition(self, condition: Any, names: Mapping[Any, Any], depth: int) -> Terms:
        """1 where a condition holds, else 0."""
        if condition == True:  # noqa: E712  SymPy's own true
            return [(ONE, {}, ())]
        if not isinstance(condition, Relational) or condition.rel_op not in ("<", ">", "<=", ">="):
            raise Undecided(f"no rule for the condition {condition}")
        return positive(self.over(condition.gts - condition.lts, names, depth + 1))

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


def _match(reader: Reader, pattern: Expr, expression: Expr, names: Mapping[Any, Any], found: dict[Any, Any]) -> None:
    if isinstance(pattern, Letter):
        value = at(expression, names)
        if found.setdefault(pattern, value) != value:
            raise Undecided(f"{pattern} stands for two indices in {expression}")
    elif isinstance(pattern, Scalar) and pattern.role == "argument":
        found[pattern] = reader.terms(expression, names)
    elif isinstance(pattern, Head | Indexed | Partial | Local):
        parts = zip(pattern.args, expression.args, strict=True)
        for one, other in parts:
            if not isinstance(one, Array):
                _match(reader, one, other, names, found)
    elif pattern != expression:
        raise Undecided(f"{expression} is not an instance of {pattern}")


def _sum(reader: Reader, expression: Sum, names: Mapping[Any, Any], depth: int) -> Terms:
    own = {limit[0]: fresh(space_name(limit[0].space)) for limit in expression.limits}
    inner = reader.terms(expression.function, {**names, **own}, depth + 1)
    return [(c, factors, (*bound, *own.values())) for c, factors, bound in inner]


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


def power(base: Polynomial, exponent: Fraction) -> Terms:
    """A polynomial to a rational power: a product to a whole power is a product of powers, else it is an atom."""
    if exponent.denominator == 1 and exponent >= 0:
        result: Terms = [(ONE, {}, ())]
        for _ in range(int(exponent)):
            result = multiplied(result, base.raw())
        return result
    if len(base) == 1:
        ((factors, bound), coefficient), *_ = base
        if not bound and all(_divides(atom, own, exponent) for atom, own in factors):
            outer = {atom: own * exponent for atom, own in factors}
            return multiplied(_number_power(coefficient, exponent), [(ONE, outer, ())])
    scale, monic = _monic(base)
    return multiplied(_number_power(scale, exponent), [(ONE, {("s", monic): exponent}, ())])


def _divides(atom: Atom, own: Fraction, exponent: Fraction) -> bool:
    """Whether (a^own)^exponent is a^(own · exponent): for whole exponents, and where a cannot be negative."""
    if atom[0] in ("if", "d"):
        return False
    return exponent.denominator == 1 or atom == ("c", "pi") or (atom[0] == "s" and own.denominator > 1)


def _number_power(number: Fraction, exponent: Fraction) -> Terms:
    if exponent.denominator == 1:
        return [(number ** int(exponent), {}, ())]
    if number == 1:
        return [(ONE, {}, ())]
    return [(ONE, {("s", Polynomial(((((), ()), number),))): exponent}, ())]


def _monic(base: Polynomial) -> tuple[Fraction, Polynomial]:
    """A positive number times a polynomial whose coefficients' sizes are relatively prime whole numbers."""
    if not base:
        raise Undecided("a power of 0")
    size = abs(base[0][1])
    return size, Polynomial((term, coefficient / size) for term, coefficient in base)


def _exp(reader: Reader, expression: Expr, names: Mapping[Any, Any], depth: int) -> Terms:
    """e^(2u + v + 3 log w) as (e^u)² e^v w³."""
    result: Terms = [(ONE, {}, ())]
    for (parts, bound), coefficient in reader.over(expression.exp, names, depth + 1):
        single = parts[0][0] if len(parts) == 1 and not bound and parts[0][1] == 1 else ("",)
        if single[0] == "log":
            result = multiplied(result, power(single[1], coefficient))
        else:
            result = multiplied(result, [(ONE, {("exp", Polynomial((((parts, bound), ONE),))): coefficient}, ())])
    return result


def positive(base: Polynomial) -> Terms:
    """1 where a polynomial is > 0, else 0; kinks left out, so that [−p > 0] is 1 − [p > 0]."""
    number = base.constant
    if number is not None:
        return [(ONE, {}, ())] if number > 0 else []
    _, monic = _monic(base)
    if monic[0][1] > 0:
        return [(ONE, {("if", monic): ONE}, ())]
    mirrored = Polynomial((term, -coefficient) for term, coefficient in monic)
    return [(ONE, {}, ()), (-ONE, {("if", mirrored): ONE}, ())]


def sign(base: Polynomial) -> Terms:
    """2[p > 0] − 1, a denominator's sign taken out of p."""
    powers: dict[Atom, Fraction] = {}
    for (factors, _), _ in base:
        for atom, exponent in factors:
            if exponent < 0:
                powers[atom] = max(powers.get(atom, ZERO), -exponent)
    result: Terms = [(ONE, {}, ())]
    cleared = canonical(multiplied(base.raw(), [(ONE, powers, ())])) if powers else base
    for atom, exponent in powers.items():
        single = Polynomial((((((atom, ONE),), ()), ONE),))
        result = multiplied(result, _signed(single)) if exponent % 2 else result
    return multiplied(result, _signed(cleared))


def _signed(base: Polynomial) -> Terms:
    """The sign of a product is the product of the signs."""
    if len(base) != 1 or base[0][0][1]:
        return [(2 * c, factors, bound) for c, factors, bound in positive(base)] + [(-ONE, {}, ())]
    ((factors, _), coefficient), *_ = base
    result: Terms = [(ONE if coefficient > 0 else -ONE, {}, ())]
    for atom, exponent in factors:
        if exponent.denominator == 1 and exponent % 2 and atom[0] != "exp":
            single = Polynomial((((((atom, ONE),), ()), ONE),))
            result = multiplied(result, [(2 * c, f, b) for c, f, b in positive(single)] + [(-ONE, {}, ())])
    return result


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
            mentions = [one for one in factors if _holds(one, index)]
            if mentions == [renamed(atom, {own: index})] and factors[mentions[0]] == exponent:
                factors = {one: power for one, power in factors.items() if one != mentions[0]}
                coefficient, bound = coefficient * value, tuple(other for other in bound if other != index)
        found.append((coefficient, factors, bound))
    return canonical(found)


def _holds(thing: Any, index: Index) -> bool:
    return isinstance(thing, tuple) and (thing == index or any(_holds(part, index) for part in thing))
