"""An activation as a function of SymPy, with σ′, σ″, … as heads of their own, to be spoken of."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy
from sympy import Expr, Function, Piecewise

from derive.symbols import Array, Index, total
from derive.tables.activations import ACTIVATIONS, Activation


class Head(Function):
    """σ, σ′, …: `row` is the activation, `order` how often it is differentiated.  Arguments: z, then the constants."""

    row: Activation
    order: int

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative by the pre-activation is the head of the next order; constants are not differentiated by."""
        if argindex != 1:
            raise TypeError(f"{self.row.name} is differentiated by its pre-activation only, not by a constant")
        return primed(type(self))(*self.args)

    def _latex(self, printer: Any) -> str:
        arguments = ", ".join(printer.doprint(argument) for argument in self.args)
        return rf"{self.row.symbol}{chr(39) * self.order}\left({arguments}\right)"

    def _eval_is_real(self) -> bool:
        return True

    _eval_is_extended_real = _eval_is_real


def head(name: str, order: int = 0) -> type[Head]:
    """The function class of an activation's derivative of the given order: `head("sigmoid", 1)` is σ′."""
    return _head(name, order)


@cache
def _head(name: str, order: int) -> type[Head]:
    return type(_label(name, order), (Head,), {"row": ACTIVATIONS[name], "order": order, "__module__": __name__})


class Unknown(Head):
    """A function of one or several numbers of which nothing is known, or only what a program says: f, f′, ∂₁ℓ.

    `orders` says how often it is differentiated by each argument.
    """

    orders: tuple[int, ...]

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative by the argument of this number, counted from 1."""
        if not 1 <= argindex <= len(self.orders):
            raise TypeError(f"{self.row.name} has {len(self.orders)} arguments, no argument {argindex}")
        return primed(type(self), argindex)(*self.args)


def unknown(symbol: str, arity: int = 1) -> type[Unknown]:
    """The function called by this LaTeX letter: `unknown("f")(x[i])`; its derivative is a head of its own, f′."""
    if arity < 1:
        raise TypeError(f"{symbol} needs at least one argument")
    return _unknown(symbol, (0,) * arity)


@cache
def _unknown(symbol: str, orders: tuple[int, ...]) -> type[Unknown]:
    label = f"{_UNKNOWN}{','.join(map(str, orders))} {symbol}"
    fields = {"row": _row(symbol), "order": sum(orders), "orders": orders, "nargs": len(orders)}
    return type(label, (Unknown,), {**fields, "__module__": __name__})


@cache
def _row(symbol: str) -> Activation:
    return Activation(symbol, symbol, _nothing, "", elementwise=True)


def _nothing(*arguments: Any) -> Any:
    raise TypeError("nothing is known of this function")


_UNKNOWN = "unknown "


def primed(function: type[Head], argument: int = 1) -> type[Head]:
    """The derivative of a function by the argument of this number, counted from 1."""
    if issubclass(function, Unknown):
        orders = list(function.orders)
        orders[argument - 1] += 1
        return _unknown(function.row.name, tuple(orders))
    return head(function.row.name, function.order + 1)


def kind(application: Head) -> tuple[Any, ...]:
    """The function that is applied: its class and its constants, whatever it is applied to."""
    if isinstance(application, Unknown):
        return (type(application),)
    return type(application), *application.args[1:]


def _label(name: str, order: int) -> str:
    return name.replace("-", "_") + "_prime" * order


def __getattr__(label: str) -> Any:
    """Finds `sigmoid_prime` and its like by name: this is how pickle comes back to a head."""
    if label.startswith(_UNKNOWN):
        orders, _, symbol = label.removeprefix(_UNKNOWN).partition(" ")
        return _unknown(symbol, tuple(map(int, orders.split(","))))
    bare = label.removesuffix("_prime")
    order = 0
    while bare != label:
        label, bare, order = bare, bare.removesuffix("_prime"), order + 1
    name = label.replace("_", "-")
    if name not in ACTIVATIONS:
        raise AttributeError(label)
    return head(name, order)


class Symbols:
    """The namespace of mathematics in which a row becomes a SymPy expression."""

    exp, log, sqrt = sympy.exp, sympy.log, sympy.sqrt
    tanh, cosh, erf, abs = sympy.tanh, sympy.cosh, sympy.erf, sympy.Abs
    pi, number = sympy.pi, sympy.Integer

    @staticmethod
    def choose(c: Expr, yes: Any, no: Any) -> Expr:
        """`yes` where c > 0, else `no`."""
        return Piecewise((yes, c > 0), (no, True))

    @staticmethod
    def over(z: Array, k: Index) -> type[Symbols]:
        """The same namespace with `total(f)`, the sum of f over the entries of z: for what looks at a whole layer."""
        return type("SymbolsOverLayer", (Symbols,), {"total": staticmethod(lambda f: total(f(z[k]), k))})
