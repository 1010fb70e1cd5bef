r"""Python names for LaTeX letters: `\hat{x}` is `x_hat`, `W_Q` is `W_Q`, ∂L/∂S is `dL_dS`; each thing has its own."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from typing import Any

from sympy import Expr

from derive.functions import Head, Unknown
from derive.named import Adjoint, Inverse, Slope

_ACCENTS = "hat|widehat|bar|tilde|dot|ddot|vec|check|breve"
_FONTS = "mathbf|boldsymbol|bm|mathrm|text|operatorname|mathcal|mathbb|mathfrak"


def identifier(letter: str) -> str:
    r"""A Python name for a LaTeX letter: `\sigma^2` is `sigma_2`."""
    letter = re.sub(rf"\\({_ACCENTS})\s*\{{([^{{}}]*)\}}", r"\2_\1", letter)
    letter = re.sub(rf"\\({_FONTS})\s*\{{([^{{}}]*)\}}", r"\2", letter)
    letter = re.sub(r"'|\\prime", "_prime", letter).replace("*", "_star")
    found = re.sub(r"[^A-Za-z0-9]+", "_", letter).strip("_")
    return found if found[:1].isalpha() else f"v_{found}"


class Identifiers:
    """Gives names, the same for the same thing; `taken` are names that nothing may have."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._names: dict[Any, str] = {}

    def __call__(self, thing: Expr) -> str:
        """The name of an array, a number or a width."""
        return self.of((type(thing).__name__, thing), self._plain(thing))

    def of(self, key: Any, plain: str) -> str:
        """The name for a key, as near to a plain one as others leave free."""
        if key not in self._names:
            while plain in self._taken or keyword.iskeyword(plain):
                plain += "_"
            self._taken.add(plain)
            self._names[key] = plain
        return self._names[key]

    def gradient(self, target: Expr, by: Expr) -> str:
        """The name of ∂(target)/∂(by)."""
        return self.of(("gradient", by), f"d{identifier(target.name)}_d{self(by)}")

    def function(self, head: Head) -> str:
        """The name of a function or of a derivative of it: `silu_prime`, `ell_1`."""
        if isinstance(head, Unknown):
            several = len(head.orders) > 1
            marks = [f"_{n}" if several else "_prime" for n, times in enumerate(head.orders, 1) for _ in range(times)]
            return self.of(("function", type(head)), identifier(head.row.symbol) + "".join(marks))
        numbers = tuple(one for one in head.args[1:] if not one.is_Symbol)
        return self.of(("function", type(head), numbers), type(head).__name__)

    def _plain(self, thing: Expr) -> str:
        if isinstance(thing, Adjoint | Slope):
            return f"d{identifier(thing.numerator.name)}_d{self(thing.array)}"
        if isinstance(thing, Inverse):
            return f"{self(thing.array)}_inv"
        return identifier(thing.name)
