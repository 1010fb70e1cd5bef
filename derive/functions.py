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
        return head(self.row.name, self.order + 1)(*self.args)

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


def kind(application: Head) -> tuple[Any, ...]:
    """The function that is applied: its class and its constants, whatever it is applied to."""
    return type(application), *application.args[1:]


def _label(name: str, order: int) -> str:
    return name.replace("-", "_") + "_prime" * order


def __getattr__(label: str) -> Any:
    """Finds `sigmoid_prime` and its like by name: this is how pickle comes back to a head."""
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
