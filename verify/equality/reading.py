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
from derive.functions import Head, Unknown
from derive.named import Adjoint, Det, Inverse, LogDet, Opaque, Slope
from derive.symbols import Array, Local, Partial, Scalar, Width, is_shifted
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
    linear,
    mentions,
    multiplied,
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
        if isinstance(expression, Indexed | Partial | Local) and shifts(expression):
            plain, inside, conditions, own = unshifted(expression, names)
            found_there = multiplied(conditions, self.terms(plain, inside, depth + 1))
            return [(c, factors, (*bound, *own)) for c, factors, bound in found_there]
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
        if isinstance(expression, Opaque):
            return ("opaque", expression.name, *map(array_name, expression.arrays))
        if isinstance(expression, LogDet | Det):
            return (type(expression).__name__, array_name(expression.array))
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
    if isinstance(expression, Unknown):
        return (type(expression),)
    return (type(expression), *expression.args[1:]) if isinstance(expression, Head) else expression


_RULED = (Indexed, Partial, Local, Head, Scalar)


def at(index: Expr, names: Mapping[Any, Any]) -> Index:
    """An index as it stands at this place."""
    if isinstance(index, Letter):
        return names[index] if index in names else ("f", index.name, space_name(index.space))
    return ("i", int(index))


def shifts(expression: Expr) -> list[tuple[Expr, Any]]:
    """The indices of an entry, or of those in ∂U/∂V, that are sums such as i + k − 1, with their slots' spaces."""
    if isinstance(expression, Partial | Local):
        return [one for part in expression.args for one in shifts(part)]
    if not isinstance(expression, Indexed):
        return []
    pairs = zip(expression.indices, expression.base.spaces, strict=True)
    return [(index, space) for index, space in pairs if is_shifted(index)]


def unshifted(expression: Expr, names: Mapping[Any, Any]) -> tuple[Expr, dict[Any, Any], Terms, tuple[Index, ...]]:
    """x_{i+k−1} as Σ_q [q = i+k−1] x_q: the entry x_q, the value of q, the condition, and q as what is summed over.

    So an entry beyond the ends of its axis is 0, and nothing else is ever said of it.
    """
    inside, own = dict(names), list[Index]()
    conditions: Terms = [(ONE, {}, ())]
    plain = expression
    for number, (index, space) in enumerate(shifts(expression)):
        letter, token = Letter(f"·{number}", space), fresh(space_name(space))
        plain = _with_index(plain, index, letter)
        inside[letter] = token
        own.append(token)
        condition = condition_on(index, names, (token, -1))
        conditions = multiplied(conditions, [(ONE, {condition: ONE}, ())])
    return plain, inside, conditions, tuple(own)


def _with_index(expression: Expr, index: Expr, letter: Letter) -> Expr:
    """The expression with the first slot that holds this index holding a letter."""
    if isinstance(expression, Indexed):
        slots = enumerate(zip(expression.indices, expression.base.spaces, strict=True))
        place = next((n for n, slot in slots if slot == (index, letter.space)), None)
        if place is None:
            return expression
        return Indexed(expression.base, *(letter if n == place else one for n, one in enumerate(expression.indices)))
    first, second = expression.args
    changed = _with_index(first, index, letter)
    return expression.func(changed, second if changed != first else _with_index(second, index, letter))


def condition_on(index: Expr, names: Mapping[Any, Any], *more: tuple[Index, int]) -> Atom:
    """The condition that a sum of indices and numbers, and more of such, is 0."""
    parts = [(one, number) for one, number in index.as_coefficients_dict().items()]
    number = sum(int(one) for part, one in parts if part == 1)
    return linear([*((at(part, names), int(one)) for part, one in parts if part != 1), *more], number)


@cache
def array_name(array: Array) -> str:
    """An array's kind, role, layer and spaces in one word: arrays that differ in any of them are different."""
    if isinstance(array, Inverse):
        return f"inverse({array_name(array.array)})"
    if isinstance(array, Slope | Adjoint):
        above = array.numerator
        of = [str(array.place), *map(array_name, above.arrays)] if isinstance(array, Slope) else [str(above.role)]
        return f"{type(array).__name__}({above.name}, {array_name(array.array)}, {', '.join(of)})"
    kind_of = "" if type(array) is Array else f"{type(array).__name__} "
    return "|".join([f"{kind_of}{array.role}", str(array.layer), *(space_name(space) for space in array.spaces)])


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
    unknown = isinstance(expression, Unknown)
    how = ("unknown", *expression.orders) if unknown else expression.order
    return [(ONE, {("head", expression.row.name, how, *arguments): ONE}, ())]


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
    left, right = expression.args
    if is_shifted(left) or is_shifted(right):
        return [(ONE, {condition_on(left - right, names): ONE}, ())]
    left, right = at(left, names), at(right, names)
    if "i" not in (left[0], right[0]) and left[-1] != right[-1]:
        return [(ONE, {linear([(left, 1), (right, -1)], 0): ONE}, ())]
    return [(ONE, {("d", left, right): ONE}, ())]


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
    sympy.sin: _function("sin", -1),
    sympy.cos: _function("cos", 1),
    sympy.tan: _function("tan", -1),
    sympy.atan: _function("arctan", -1),
    sympy.erf: _function("erf", -1),
    Width: _width,
    Scalar: _scalar,
    Opaque: _single,
    LogDet: _single,
    Det: _single,
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
            if len(touched) == 1 and factors[touched[0]] == exponent and _instance(atom, touched[0], {own: index}):
                factors = {one: power for one, power in factors.items() if one != touched[0]}
                coefficient, bound = coefficient * value, tuple(other for other in bound if other != index)
        found.append((coefficient, factors, bound))
    return canonical(found)


def _instance(pattern: Atom, atom: Atom, values: dict[Index, Index]) -> bool:
    """Whether an entry is that of a fact, which holds for every value of its free indices."""
    if len(pattern) != len(atom) or pattern[:2] != atom[:2] or pattern[0] != "x":
        return False
    for own, there in zip(pattern[2:], atom[2:], strict=True):
        if own[0] == "i" or there[0] == "i" or own[-1] != there[-1]:
            if own != there:
                return False
        elif values.setdefault(own, there) != there:
            return False
    others = [there for own, there in values.items() if own[0] != "f"]
    return not any(there in others for own, there in values.items() if own[0] == "f")
