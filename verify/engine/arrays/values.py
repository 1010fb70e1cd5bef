"""How each kind of value is written as array source: one row a kind, in `WRITERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Piecewise, Pow, Rational, Sum
from sympy.core.relational import Relational

from derive.functions import Head, Unknown
from derive.named import Det, LogDet
from derive.symbols import Array, Index, Scalar, Width, free_indices
from verify.engine.arrays.code import Code, NoSource
from verify.engine.arrays.printer import Printer, Writer, is_literal
from verify.engine.arrays.sums import LETTERS, write_log_sum_exp, write_sum
from verify.engine.plan.stable import Arsinh, Expm1, LogSumExp, Softmax, Softplus, XLogY

_LARGE = 10**15


def _number(printer: Printer, expression: Rational) -> Code:
    """A short fraction as it is, a number of many digits as a float."""
    if max(abs(expression.p), expression.q) >= _LARGE:
        return Code(repr(float(expression)), (), 2 if expression >= 0 else 0)
    if expression.q == 1:
        return Code(str(expression.p), (), 2 if expression >= 0 else 0)
    return Code(f"{expression.p}/{expression.q}", (), 1 if expression >= 0 else 0)


def _float(printer: Printer, expression: Expr) -> Code:
    return Code(repr(float(expression)), (), 2 if expression >= 0 else 0)


def _letter(printer: Printer, expression: Expr) -> Code:
    return Code(printer.name(expression))


def _indexed(printer: Printer, expression: Indexed) -> Code:
    """An entry: the whole array, an axis repeated or fixed, or places that are counted."""
    name, indices = printer.name(expression.base), expression.indices
    if all(isinstance(index, Index) for index in indices):
        axes = tuple(dict.fromkeys(indices))
        if len(axes) == len(indices):
            return Code(name, axes)
        letters = dict(zip(axes, LETTERS, strict=False))
        inside, outside = ("".join(letters[one] for one in some) for some in (indices, axes))
        return Code(f'{printer.dialect.module}.einsum("{inside}->{outside}", {name})', axes)
    if all(isinstance(index, Index) or index.is_Integer for index in indices):
        axes = tuple(index for index in indices if isinstance(index, Index))
        if len(set(axes)) == len(axes):
            slots = ", ".join(str(int(index) - 1) if index.is_Integer else ":" for index in indices)
            return Code(f"{name}[{slots}]", axes)
    axes = tuple(dict.fromkeys(one for index in indices for one in sorted(free_indices(index), key=str)))
    places = ", ".join(printer.over(_place(printer, index), axes).source for index in indices)
    return Code(f"entries({name}, {places})", axes)


def _place(printer: Printer, index: Expr) -> Code:
    """An index, counted from 1, as an array over its own letters."""
    if isinstance(index, Index):
        return Code(f"{printer.dialect.module}.arange(1, {printer.size(index)} + 1)", (index,))
    if index.is_Integer:
        return Code(str(int(index)))
    if isinstance(index, Mul):
        number, rest = index.as_coeff_Mul()
        inner = _place(printer, rest)
        return Code(f"{int(number)}*{inner.at(1)}", inner.axes, 1 if number > 0 else 0)
    parts = sorted(index.args, key=lambda one: (bool(one.is_number), one.could_extract_minus_sign(), str(one)))
    return _added(printer, [_signed(part, lambda one: _place(printer, one)) for part in parts])


def _signed(term: Expr, write: Callable[[Expr], Code]) -> tuple[bool, Code]:
    """Whether a term is subtracted, and the rest."""
    minus = bool(term.could_extract_minus_sign())
    return minus, write(-term if minus else term)


def _added(printer: Printer, terms: Sequence[tuple[bool, Code]]) -> Code:
    axes = printer.union([code for _, code in terms])
    sources = [(minus, printer.over(code, axes).at(1 if minus else 0)) for minus, code in terms]
    joined = "".join(f" {'-' if minus else '+'} {source}" for minus, source in sources)
    return Code(joined[3:] if not sources[0][0] else f"-{joined[3:]}", axes, 0)


def _add(printer: Printer, expression: Add) -> Code:
    """A sum: what is added first, and of that a number first, then the arrays with most axes."""
    terms = [_signed(term, printer.code) for term in expression.args]
    numbers = {one.source for term in expression.args if term.is_number for one in [printer.code(abs(term))]}
    terms.sort(key=lambda one: (one[0], one[1].source not in numbers, -len(one[1].axes)))
    return _added(printer, terms)


def _rank(factor: Expr) -> int:
    """The place of a factor in a product: sums over an index, differences, letters, then 1 − a."""
    if factor.has(Sum):
        return 0
    if isinstance(factor, Add):
        return 3 if any(one.is_number for one in factor.args) else 1
    return 2


def _mul(printer: Printer, expression: Mul) -> Code:
    number, rest = expression.as_coeff_Mul()
    above: list[Expr] = []
    below: list[Expr] = []
    for factor in Mul.make_args(rest):
        base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, sympy.Integer(1))
        if exponent.is_number and exponent.is_negative:
            below.append(Pow(base, -exponent))
        else:
            above.append(factor)
    if number.q != 1:
        below.append(sympy.Integer(number.q))
    if abs(number.p) != 1 or not above:
        above.insert(0, sympy.Integer(abs(number.p)))
    tops = [printer.code(one) for one in sorted(above, key=_rank)]
    tops.sort(key=lambda one: bool(one.axes))
    bottoms = [one for one in map(printer.code, below) if one.source != "1"]
    axes = printer.union([*tops, *bottoms])
    whole = printer.times(tops)
    source = printer.over(whole, axes).factor if bottoms else whole.source
    source += "".join(f"/{printer.over(one, axes).at(2)}" for one in bottoms)
    code = Code(source, axes, 1) if bottoms or len(tops) > 1 else whole
    return code.negative() if number < 0 else code


def _pow(printer: Printer, expression: Pow) -> Code:
    base, exponent = expression.args
    if exponent == Rational(1, 2):
        return printer.applied("sqrt", base)
    if exponent.is_number and exponent.is_negative:
        below = printer.code(Pow(base, -exponent))
        return Code(f"1/{below.at(2)}", below.axes, 1)
    inner, power = printer.code(base), printer.code(exponent)
    axes = printer.union([inner, power])
    return Code(f"{printer.over(inner, axes).at(2)}**{printer.over(power, axes).at(2)}", axes, 1)


def _softmax(printer: Printer, expression: Expr) -> Code:
    """Over the last axis."""
    exponent, at = expression.args
    inner = printer.code(exponent)
    axes = (*(axis for axis in inner.axes if axis != at), at)
    return Code(f"{printer.dialect.function('softmax')}({printer.over(inner, axes).source})", axes)


def _piecewise(printer: Printer, expression: Piecewise) -> Code:
    (value, condition), *rest = expression.args
    if condition == True:  # noqa: E712  SymPy's own true
        return printer.code(value)
    if not rest:
        raise NoSource(f"{expression} has no value where none of its conditions holds")
    other = expression.func(*rest) if len(rest) > 1 else rest[0][0]
    if not isinstance(condition, Relational):
        raise NoSource(f"source of the condition {condition} is not known")
    codes = [printer.code(one) for one in (condition.lhs, condition.rhs, value, other)]
    axes = printer.union(codes)
    left, right, yes, no = (printer.over(one, axes).source for one in codes)
    letters = sorted(condition.atoms(Array, Scalar), key=str) if is_literal(value) and is_literal(other) else []
    cast = printer.dialect.cast.format(printer.name(letters[0])) if letters else ""
    if letters and printer.dialect.typed and not (value.is_Integer and other.is_Integer):
        no, cast = printer.dialect.typed.format(printer.name(letters[0]), no), ""
    return Code(f"{printer.dialect.function('where')}({left} {condition.rel_op} {right}, {yes}, {no}){cast}", axes)


def _delta(printer: Printer, expression: KroneckerDelta) -> Code:
    return printer.called("kronecker", [_place(printer, index) for index in expression.args])


def _head(printer: Printer, expression: Head) -> Code:
    """A function that is called by name; its constants with it, unless they are numbers."""
    first, *constants = expression.args
    kept = constants if isinstance(expression, Unknown) else [one for one in constants if not one.is_number]
    return printer.called(printer.function(expression), [printer.code(one) for one in (first, *kept)])


def _call(name: str) -> Writer:
    return lambda printer, expression: printer.applied(name, *expression.args)


def _of_matrix(form: str, function: str) -> Writer:
    return lambda printer, one: Code(form.format(printer.dialect.function(function), printer.name(one.array)))


def _constant(source: str) -> Writer:
    return lambda printer, expression: Code(source)


WRITERS: Mapping[type[Any], Writer] = {
    Rational: _number,
    sympy.Float: _float,
    Array: _letter,
    Scalar: _letter,
    Width: _letter,
    Indexed: _indexed,
    Add: _add,
    Mul: _mul,
    Sum: write_sum,
    sympy.exp: _call("exp"),
    Pow: _pow,
    sympy.log: _call("log"),
    Softmax: _softmax,
    LogSumExp: write_log_sum_exp,
    Expm1: _call("expm1"),
    Arsinh: _call("arcsinh"),
    Softplus: _call("softplus"),
    XLogY: _call("xlogy"),
    Head: _head,
    Piecewise: _piecewise,
    KroneckerDelta: _delta,
    LogDet: _of_matrix("{}({})[1]", "slogdet"),
    Det: _of_matrix("{}({})", "det"),
    sympy.tanh: _call("tanh"),
    sympy.sinh: _call("sinh"),
    sympy.sin: _call("sin"),
    sympy.cos: _call("cos"),
    sympy.tan: _call("tan"),
    sympy.atan: _call("arctan"),
    sympy.cosh: _call("cosh"),
    sympy.Abs: _call("abs"),
    sympy.sign: _call("sign"),
    sympy.erf: _call("erf"),
    type(sympy.pi): _constant("math.pi"),
    type(sympy.E): _constant("math.e"),
}
