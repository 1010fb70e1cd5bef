"""Why a judge has no answer: the formula has no value, or the judge's means do not reach."""

from __future__ import annotations


class Undefined(ArithmeticError):
    """Raised where a node has no value at all there: a division by zero, the logarithm of a negative number, a kink."""


class Unclear(ArithmeticError):
    """Raised where a judge cannot tell, for a reason that is not size."""
