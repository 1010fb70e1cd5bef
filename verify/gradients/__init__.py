"""Checks a gradient that somebody wrote by hand against the function itself, and says what is likely wrong with it."""

from __future__ import annotations

from verify.gradients.check import assert_gradient as assert_gradient
from verify.gradients.check import check_gradient as check_gradient
from verify.gradients.errors import GradientError as GradientError
from verify.gradients.errors import WrongGradient as WrongGradient
from verify.gradients.result import GradientCheck as GradientCheck

__all__ = ["check_gradient", "assert_gradient", "GradientCheck", "GradientError", "WrongGradient"]
