"""Index expressions as NumPy source: every index is an axis, a sum of products is a matrix product or an `einsum`.

Σ_k Q_ik K_jk / √d        Q @ K.T/sqrt(d)
P_ij (D_ij − s_i)          P*(D - s[:, None])
Σ_k w_k x_{i+k−1}          entries(x, arange(1, m + 1)[:, None] + arange(1, n + 1) - 1) @ w
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Piecewise, Pow, Rational, Sum
from sympy.core.relational import Relational

from derive.functions import Head
from derive.named import Det, LogDet
from derive.symbols import Array, Index, Scalar, Width, bound, free_indices

Axes = tuple[Index, ...]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class NoSource(TypeError):
    """No way to compute this kind of expression with NumPy is known."""


@dataclass(frozen=True)
class Code:
    """Source of an array with these axes; `level` is 0 for a sum, 1 for a product, 2 for what needs no brackets."""

    source: str
    axes: Axes = ()
    level: int = 2

    def at(self, level: int) -> str:
        """The source, in brackets where it binds less tightly than its place asks for."""
        return self.source if self.level >= level else f"({self.source})"

    def over(self, axes: Axes) -> Code:
        """The same with more axes, in this order, of length 1 where there was none."""
        if self.axes == axes:
            return self
        here = tuple(one for one in axes if one in self.axes)
        source, level = self.source, self.level
        if here != self.axes:
            turned = ", ".join(str(self.axes.index(one)) for one in here)
            source = f"{self.at(2)}.T" if len(here) == 2 else f"{self.at(2)}.transpose({turned})"
            level = 2
        missing = [n for n, one in enumerate(axes) if one not in here and any(other in here for other in axes[:n])]
        if not missing:
            return Code(source, axes, level)
        slots = ["None" if one not in here else ":" for one in axes]
        while slots[0] == "None":
            slots.pop(0)
        return Code(f"{source if level == 2 else f'({source})'}[{', '.join(slots)}]", axes)


@dataclass(frozen=True)
class Printer:
    """Writes expressions; `name` gives the Python name of an array, a number or a width, `function` of a function."""

    name: Callable[[Expr], str]
    function: Callable[[Head], str]
    wanted: Axes = ()

    def whole(self, expression: Expr, axes: Axes) -> str:
        """Source of an array with exactly these axes."""
        code = replace(self, wanted=axes).code(expression)
        if set(code.axes) == set(axes):
            return code.over(axes).source
        shape = ", ".join(self.name(index.space.size) for index in axes)
        return f"broadcast_to({code.over(axes).source}, ({shape},))"

    def code(self, expression: Expr) -> Code:
        """Source with the axes that the expression has by itself.  Raises `NoSource` for an unknown kind."""
        for kind, write in _WRITERS.items():
            if isinstance(expression, kind):
                return write(self, expression)
        raise NoSource(f"NumPy source of a {type(expression).__name__} is not known")

    def union(self, codes: Sequence[Code]) -> Axes:
        """The axes of several arrays: as the one has them that has all, else the wanted ones first."""
        ordered = sorted(codes, key=lambda one: -len(one.axes))
        axes = tuple(dict.fromkeys(axis for one in ordered for axis in one.axes))
        if ordered and len(ordered[0].axes) == len(axes):
            return axes
        return (*(one for one in self.wanted if one in axes), *(one for one in axes if one not in self.wanted))

    def applied(self, name: str, *arguments: Expr) -> Code:
        """A function of NumPy, entry by entry."""
        codes = [self.code(one) for one in arguments]
        axes = self.union(codes)
        return Code(f"{name}({', '.join(one.over(axes).source for one in codes)})", axes)


def _number(printer: Printer, expression: Rational) -> Code:
    if expression.q == 1:
        return Code(str(expression.p), (), 2 if expression >= 0 else 0)
    return Code(f"{expression.p}/{expression.q}", (), 1 if expression >= 0 else 0)


def _letter(printer: Printer, expression: Expr) -> Code:
    return Code(printer.name(expression))


def _indexed(printer: Printer, expression: Indexed) -> Code:
    name, indices = printer.name(expression.base), expression.indices
    if all(isinstance(index, Index) for index in indices):
        if len(set(indices)) == len(indices):
            return Code(name, tuple(indices))
        axes = tuple(dict.fromkeys(indices))
        letters = dict(zip(axes, _LETTERS, strict=False))
        inside, outside = ("".join(letters[one] for one in some) for some in (indices, axes))
        return Code(f'einsum("{inside}->{outside}", {name})', axes)
    if all(isinstance(index, Index) or index.is_Integer for index in indices):
        slots = ", ".join(str(int(index) - 1) if index.is_Integer else ":" for index in indices)
        axes = tuple(index for index in indices if isinstance(index, Index))
        return Code(f"{name}[{slots}]", axes)
    axes = tuple(dict.fromkeys(one for index in indices for one in sorted(free_indices(index), key=str)))
    places = ", ".join(_place(printer, index).over(axes).source for index in indices)
    return Code(f"entries({name}, {places})", axes)


def _place(printer: Printer, index: Expr) -> Code:
    """An index, counted from 1, as an array over its own letters."""
    if isinstance(index, Index):
        return Code(f"arange(1, {printer.name(index.space.size)} + 1)", (index,))
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
    sources = [(minus, code.over(axes).at(1 if minus else 0)) for minus, code in terms]
    joined = "".join(f" {'-' if minus else '+'} {source}" for minus, source in sources)
    return Code(joined[3:] if not sources[0][0] else f"-{joined[3:]}", axes, 0)


def _add(printer: Printer, expression: Add) -> Code:
    terms = sorted(expression.args, key=lambda one: one.could_extract_minus_sign())
    return _added(printer, [_signed(term, printer.code) for term in terms])


def _mul(printer: Printer, expression: Mul) -> Code:
    soft = _softmax(printer, expression)
    if soft is not None:
        return soft
    number, rest = expression.as_coeff_Mul()
    above, below = [], []
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
    tops, bottoms = [printer.code(one) for one in above], [printer.code(one) for one in below]
    axes = printer.union([*tops, *bottoms])
    source = "*".join(one.over(axes).at(1) if " @ " not in one.source else one.over(axes).at(2) for one in tops)
    source += "".join(f"/{one.over(axes).at(2)}" for one in bottoms)
    return Code(f"-{source}" if number < 0 else source, axes, 0 if number < 0 else 1)


def _pow(printer: Printer, expression: Pow) -> Code:
    base, exponent = expression.args
    if exponent == Rational(1, 2):
        return printer.applied("sqrt", base)
    if exponent.is_number and exponent.is_negative:
        below = printer.code(Pow(base, -exponent))
        return Code(f"1/{below.at(2)}", below.axes, 1)
    inner = printer.code(base)
    return Code(f"{inner.at(2)}**{printer.code(exponent).at(2)}", inner.axes, 1)


def _sum(printer: Printer, expression: Sum) -> Code:
    own, body = bound(expression), expression.function
    number, rest = body.as_coeff_Mul()
    operands = [printer.code(factor) for factor in Mul.make_args(rest)] if isinstance(rest, Mul) else []
    if not operands:
        return _reduced(printer, printer.code(body), own)
    touched = _grouped(printer, [one for one in operands if set(one.axes) & set(own)])
    others = [one for one in operands if not set(one.axes) & set(own)]
    missing = [index for index in own if not any(index in one.axes for one in touched)]
    if len(touched) == 1:
        product = _reduced(printer, touched[0], tuple(one for one in own if one not in missing))
    else:
        product = _matmul(printer, touched, own) or _einsum(touched, own)
    sizes = [Code(printer.name(index.space.size)) for index in missing]
    whole = _times(printer, [*sizes, *others, product])
    return whole if number == 1 else _times(printer, [printer.code(number), whole])


def _grouped(printer: Printer, codes: Sequence[Code]) -> list[Code]:
    """Arrays with the same axes as one product."""
    groups: dict[frozenset[Index], list[Code]] = {}
    for one in codes:
        groups.setdefault(frozenset(one.axes), []).append(one)
    return [_times(printer, group) for group in groups.values()]


def _times(printer: Printer, codes: Sequence[Code]) -> Code:
    if len(codes) == 1:
        return codes[0]
    axes = printer.union(codes)
    return Code("*".join(one.over(axes).at(2) for one in codes), axes, 1)


def _reduced(printer: Printer, body: Code, own: Axes) -> Code:
    """Σ of one array over some of its axes; over an index that it lacks, the width."""
    missing = [Code(printer.name(index.space.size)) for index in own if index not in body.axes]
    places = [str(body.axes.index(index)) for index in own if index in body.axes]
    left = tuple(axis for axis in body.axes if axis not in own)
    over = "" if not left else places[0] if len(places) == 1 else f"({', '.join(places)})"
    return _times(printer, [*missing, Code(f"{body.at(2)}.sum({over})", left) if places else body])


def _matmul(printer: Printer, operands: Sequence[Code], own: Axes) -> Code | None:
    """A @ B, where two vectors or matrices share exactly the one axis that is summed over."""
    if len(operands) != 2 or len(own) != 1 or any(len(one.axes) > 2 for one in operands):
        return None
    left, right = operands
    if set(left.axes) & set(right.axes) != set(own):
        return None
    (k,) = own
    rows, columns = ([axis for axis in one.axes if axis != k] for one in operands)
    order = printer.union([left, right])
    turned = bool(rows and columns) and order.index(columns[0]) < order.index(rows[0])
    if turned or (len(left.axes) == 1 and len(right.axes) == 2 and right.axes[1] == k):
        left, right, rows, columns = right, left, columns, rows
    first, second = left.over((*rows, k)).at(2), right.over((k, *columns)).at(2)
    return Code(f"{first} @ {second}", (*rows, *columns), 1)


def _einsum(operands: Sequence[Code], own: Axes) -> Code:
    axes = tuple(dict.fromkeys(axis for one in operands for axis in one.axes))
    letters = dict(zip(axes, _LETTERS, strict=False))
    left = tuple(axis for axis in axes if axis not in own)
    inside = ",".join("".join(letters[axis] for axis in one.axes) for one in operands)
    outside = "".join(letters[axis] for axis in left)
    optimise = ", optimize=True" if len(operands) > 2 else ""
    return Code(f'einsum("{inside}->{outside}", {", ".join(one.source for one in operands)}{optimise})', left)


def _softmax(printer: Printer, expression: Mul) -> Code | None:
    """e^{S_ij} / Σ_k e^{S_ik}, computed so that nothing overflows."""
    for below in expression.args:
        if not (isinstance(below, Pow) and below.exp == -1 and isinstance(below.base, Sum)):
            continue
        body, own = below.base.function, bound(below.base)
        for above in expression.args if isinstance(body, sympy.exp) and len(own) == 1 else ():
            if not isinstance(above, sympy.exp):
                continue
            hits = [
                one for one in free_indices(above) if one.space == own[0].space and _moved(body, own[0], one) == above
            ]
            if hits:
                inner = printer.code(above.args[0])
                axes = (*(axis for axis in inner.axes if axis != hits[0]), hits[0])
                soft = Code(f"softmax({inner.over(axes).source})", axes)
                rest = Mul(*(one for one in expression.args if one is not above and one is not below))
                return soft if rest == 1 else _times(printer, [printer.code(rest), soft])
    return None


def _moved(body: Expr, old: Index, new: Index) -> Expr:
    """A body without sums at another index."""
    return body if body.has(Sum) else body.xreplace({old: new})


def _log(printer: Printer, expression: Expr) -> Code:
    inner = expression.args[0]
    if isinstance(inner, Sum) and isinstance(inner.function, sympy.exp):
        body = printer.code(inner.function.args[0])
        if set(bound(inner)) <= set(body.axes):
            places = ", ".join(str(body.axes.index(one)) for one in bound(inner))
            left = tuple(axis for axis in body.axes if axis not in bound(inner))
            return Code(f"logsumexp({body.source}, ({places},))", left)
    return printer.applied("log", inner)


def _piecewise(printer: Printer, expression: Piecewise) -> Code:
    (value, condition), *rest = expression.args
    if condition == True:  # noqa: E712  SymPy's own true
        return printer.code(value)
    if not rest:
        raise NoSource(f"{expression} has no value where none of its conditions holds")
    other = printer.code(expression.func(*rest)) if len(rest) > 1 else printer.code(rest[0][0])
    if not isinstance(condition, Relational):
        raise NoSource(f"NumPy source of the condition {condition} is not known")
    sides = [printer.code(condition.lhs), printer.code(condition.rhs)]
    codes = [*sides, printer.code(value), other]
    axes = printer.union(codes)
    left, right, yes, no = (one.over(axes).source for one in codes)
    return Code(f"where({left} {condition.rel_op} {right}, {yes}, {no})", axes)


def _delta(printer: Printer, expression: KroneckerDelta) -> Code:
    places = [_place(printer, index) for index in expression.args]
    axes = printer.union(places)
    first, second = (one.over(axes).source for one in places)
    return Code(f"where({first} == {second}, 1.0, 0.0)", axes)


def _head(printer: Printer, expression: Head) -> Code:
    return printer.applied(printer.function(expression), *expression.args)


def _numpy(name: str) -> Callable[[Printer, Expr], Code]:
    return lambda printer, expression: printer.applied(name, *expression.args)


def _of_matrix(form: str) -> Callable[[Printer, Any], Code]:
    return lambda printer, expression: Code(form.format(printer.name(expression.array)))


_WRITERS: Mapping[type[Any], Callable[[Printer, Any], Code]] = {
    Rational: _number,
    Array: _letter,
    Scalar: _letter,
    Width: _letter,
    Indexed: _indexed,
    Add: _add,
    Mul: _mul,
    Sum: _sum,
    sympy.exp: _numpy("exp"),
    Pow: _pow,
    sympy.log: _log,
    Head: _head,
    Piecewise: _piecewise,
    KroneckerDelta: _delta,
    LogDet: _of_matrix("slogdet({})[1]"),
    Det: _of_matrix("det({})"),
    sympy.tanh: _numpy("tanh"),
    sympy.sinh: _numpy("sinh"),
    sympy.cosh: _numpy("cosh"),
    sympy.Abs: _numpy("abs"),
    sympy.sign: _numpy("sign"),
    sympy.erf: _numpy("erf"),
    type(sympy.pi): lambda printer, expression: Code("pi"),
    type(sympy.E): lambda printer, expression: Code("exp(1)"),
}
