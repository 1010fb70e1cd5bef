"""Scalar expressions as C: one entry of an array, one number; sums and the like have become locals before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Add, Expr, Float, Indexed, Integer, KroneckerDelta, Mul, Piecewise, Pow, Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from derive.functions import Head
from derive.symbols import Array, Index, Scalar, Width
from verify.engine.backends import Missing
from verify.engine.compiled.names import Names
from verify.engine.plan.stable import Arsinh, Expm1, Softplus, XLogY
from verify.engine.plan.types import Plan

Size = Callable[[Expr], str]
# How tightly C binds: a condition, a sum, a product, what needs no brackets.
CHOICE, SUM, PRODUCT, ATOM = range(4)


# From here on a fraction is written as one number: its two parts may be too large for the source's type.
_LARGE = 10**15


class Local(Symbol):
    """A C variable, or C text that stands for a number, inside an expression."""

    def __new__(cls, text: str) -> Local:
        found: Local = Symbol.__new__(cls, text, real=True)
        return found


@dataclass(frozen=True)
class Code:
    """C text and how tightly it binds."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text, in brackets where it binds less tightly than its place asks for."""
        return self.text if self.level >= level else f"({self.text})"


@dataclass(frozen=True)
class Writer:
    """Writes scalar expressions; `single` for float32; `used` collects the library functions that were called."""

    plan: Plan
    names: Names
    single: bool
    size: Size
    numbers: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def text(self, value: Expr, level: int = CHOICE) -> str:
        """The expression as C."""
        return self.code(value).at(level)

    def code(self, value: Expr) -> Code:
        """The expression as C.  Raises `Missing` for a kind that C cannot compute."""
        for sort, write in _WRITERS.items():
            if isinstance(value, sort):
                return write(self, value)
        raise Missing(f"the compiled backend has no C for a {type(value).__name__}; use the numpy backend")

    def call(self, name: str, *arguments: Expr) -> Code:
        """A function of C's library, or of ours."""
        if name in _OURS:
            self.used.add(name)
        ending = "f" if self.single and name not in _OURS else ""
        return Code(f"{name}{ending}({', '.join(self.text(one) for one in arguments)})")

    def literal(self, number: float) -> str:
        """A floating-point constant of the source's own type."""
        text = repr(float(number))
        return f"{text}f" if self.single else text

    def place(self, index: Expr) -> str:
        """An index, counted from 1, as a C place, counted from 0."""
        if isinstance(index, Index):
            return self.names.index(index)
        number, rest = sympy.expand(index - 1).as_coeff_Add()
        terms = [self._place_term(term) for term in Add.make_args(rest) if term != 0]
        number += sum(int(term.as_coeff_Mul()[0]) for term in Add.make_args(rest) if term.has(Index))
        text = "".join(terms).removeprefix("+") or ""
        return (f"{text}{int(number):+d}" if number else text) if text else str(int(number))

    def _place_term(self, term: Expr) -> str:
        """A summand of an index: a letter C counts from 0, so that its coefficient is added to the constant."""
        number, letter = term.as_coeff_Mul()
        if not number.is_Integer or not isinstance(letter, Index | Width):
            raise Missing(f"the compiled backend has no C for the index {term}; use the numpy backend")
        name = self.names.index(letter) if isinstance(letter, Index) else self.size(letter)
        sign = "-" if number < 0 else "+"
        return f"{sign}{name}" if abs(number) == 1 else f"{sign}{abs(int(number))}*{name}"

    def entry(self, base: Expr, places: list[str]) -> str:
        """`W1[j][k]`."""
        name = self.names.given(self.plan.name(base))
        return name + "".join(f"[{place}]" for place in places)


def _local(writer: Writer, value: Local) -> Code:
    return Code(str(value.name))


def _indexed(writer: Writer, value: Indexed) -> Code:
    """An entry; where an index may leave its axis, 0 stands outside."""
    places = [writer.place(index) for index in value.indices]
    entry = writer.entry(value.base, places)
    guards = []
    for index, place, space in zip(value.indices, places, value.base.spaces, strict=True):
        if not isinstance(index, Index):
            guards.append(f"({place}) >= 0 && ({place}) < {writer.size(space.size)}")
        elif index.space.size != space.size:
            guards.append(f"{place} < {writer.size(space.size)}")
    return Code(f"({' && '.join(guards)} ? {entry} : {writer.literal(0)})") if guards else Code(entry)


def _letter(writer: Writer, value: Expr) -> Code:
    """A number, an argument of a function, a width."""
    if isinstance(value, Width):
        return Code(f"(real) {writer.size(value)}", PRODUCT)
    name = str(value.name)
    return Code(writer.numbers.get(name) or writer.names.given(writer.plan.name(value)))


def _index_value(writer: Writer, value: Index) -> Code:
    return Code(f"(real) ({writer.names.index(value)} + 1)", PRODUCT)


def _number(writer: Writer, value: Rational) -> Code:
    if max(abs(value.p), value.q) >= _LARGE:
        return _constant(writer, value)
    if value.q == 1:
        return Code(writer.literal(value.p), ATOM if value.p >= 0 else SUM)
    return Code(f"{writer.literal(value.p)}/{writer.literal(value.q)}", PRODUCT if value.p >= 0 else SUM)


def _constant(writer: Writer, value: Expr) -> Code:
    number = float(value)
    return Code(writer.literal(number), ATOM if number >= 0 else SUM)


def _add(writer: Writer, value: Add) -> Code:
    parts = sorted(value.args, key=lambda one: bool(one.could_extract_minus_sign()))
    text = ""
    for part in parts:
        minus = bool(part.could_extract_minus_sign())
        code = writer.code(-part if minus else part)
        text += f" {'-' if minus else '+'} {code.at(PRODUCT if minus else SUM)}"
    return Code(text[3:] if text.startswith(" + ") else f"-{text[3:]}", SUM)


def _mul(writer: Writer, value: Mul) -> Code:
    number, rest = value.as_coeff_Mul()
    if not isinstance(number, Rational) or max(abs(number.p), number.q) >= _LARGE:
        above, below = [abs(number)], []
    else:
        above = [Integer(abs(number.p))] if abs(number.p) != 1 else []
        below = [Integer(number.q)] if number.q != 1 else []
    for factor in Mul.make_args(rest):
        if isinstance(factor, Pow) and factor.exp.is_number and factor.exp.is_negative:
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    text = "*".join(writer.text(one, ATOM) for one in above) or writer.literal(1)
    if below:
        under = "*".join(writer.text(one, ATOM) for one in below)
        text += f"/({under})" if len(below) > 1 else f"/{under}"
    return Code(f"-{text}", SUM) if number.is_negative else Code(text, PRODUCT)


_POWERS = {Integer(2): "square", Integer(3): "cube"}


def _pow(writer: Writer, value: Pow) -> Code:
    base, exponent = value.args
    if exponent in _POWERS:
        return writer.call(_POWERS[exponent], base)
    if exponent == Rational(1, 2):
        return writer.call("sqrt", base)
    if exponent.is_number and exponent.is_negative:
        return Code(f"{writer.literal(1)}/{writer.text(Pow(base, -exponent), ATOM)}", PRODUCT)
    return writer.call("pow", base, exponent)


def _head(writer: Writer, value: Head) -> Code:
    """An activation, or a slope, that the plan defines; its constants that are letters are arguments."""
    helper = writer.plan.helper(value)
    if helper is None:
        raise Missing(f"the compiled backend cannot call {writer.plan.function(value)}, a function that the caller "
                      "gives; use the numpy backend")  # fmt: skip
    taken = [here for here, there in zip(value.args, helper.head.args, strict=True) if isinstance(there, Symbol)]
    name = writer.names.given(helper.name)
    return Code(f"{name}({', '.join(writer.text(one) for one in taken)})")


def _piecewise(writer: Writer, value: Piecewise) -> Code:
    (yes, condition), *rest = value.args
    if condition == True:  # noqa: E712  SymPy's own true
        return writer.code(yes)
    other = writer.text(value.func(*rest), ATOM) if rest else "NAN"
    return Code(f"{_condition(writer, condition)} ? {writer.text(yes, ATOM)} : {other}", CHOICE)


def _condition(writer: Writer, value: Any) -> str:
    if isinstance(value, Relational):
        sides = [writer.text(one, SUM) for one in (value.lhs, value.rhs)]
        return f"({sides[0]} {value.rel_op} {sides[1]})"
    if isinstance(value, And | Or):
        sign = " && " if isinstance(value, And) else " || "
        return f"({sign.join(sorted(_condition(writer, one) for one in value.args))})"
    if isinstance(value, Not):
        return f"!{_condition(writer, value.args[0])}"
    if value in (sympy.true, sympy.false):
        return "1" if value == sympy.true else "0"
    raise Missing(f"the compiled backend has no C for the condition {value}; use the numpy backend")


def _delta(writer: Writer, value: KroneckerDelta) -> Code:
    first, second = (writer.place(index) for index in value.args)
    return Code(f"({first}) == ({second}) ? {writer.literal(1)} : {writer.literal(0)}", CHOICE)


def _called(name: str) -> Callable[[Writer, Expr], Code]:
    return lambda writer, value: writer.call(name, *value.args)


_OURS = frozenset(("square", "cube", "softplus", "xlogy", "sign_of", "exponential", "exponential_less_1"))
_WRITERS: Mapping[type[Any], Callable[[Writer, Any], Code]] = {
    Local: _local,
    Index: _index_value,
    Rational: _number,
    Float: _constant,
    sympy.NumberSymbol: _constant,
    Array: _letter,
    Scalar: _letter,
    Width: _letter,
    Indexed: _indexed,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    Head: _head,
    Piecewise: _piecewise,
    KroneckerDelta: _delta,
    Expm1: _called("exponential_less_1"),
    Arsinh: _called("asinh"),
    Softplus: _called("softplus"),
    XLogY: _called("xlogy"),
    sympy.exp: _called("exponential"),
    sympy.log: _called("log"),
    sympy.tanh: _called("tanh"),
    sympy.sinh: _called("sinh"),
    sympy.cosh: _called("cosh"),
    sympy.sin: _called("sin"),
    sympy.cos: _called("cos"),
    sympy.tan: _called("tan"),
    sympy.atan: _called("atan"),
    sympy.Abs: _called("fabs"),
    sympy.sign: _called("sign_of"),
    sympy.erf: _called("erf"),
}
