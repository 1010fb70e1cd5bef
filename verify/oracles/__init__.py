"""Numeric oracles that share nothing with the derivation: differences, the complex step, reverse mode in balls."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.oracles.certificate import Certified as Certified
    from verify.oracles.certificate import Truth as Truth
    from verify.oracles.certificate import certify as certify
    from verify.oracles.curve import ErrorCurve as ErrorCurve
    from verify.oracles.curve import error_curve as error_curve
    from verify.oracles.errors import DomainError as DomainError
    from verify.oracles.errors import PointError as PointError
    from verify.oracles.point import Point as Point
    from verify.oracles.smoothness import Kink as Kink
    from verify.oracles.smoothness import kinks as kinks
    from verify.oracles.table import CheckRow as CheckRow
    from verify.oracles.table import CheckTable as CheckTable
    from verify.oracles.table import Comparison as Comparison
    from verify.oracles.table import check as check

_HOMES = {
    "Point": "point",
    "PointError": "errors",
    "DomainError": "errors",
    "check": "table",
    "CheckTable": "table",
    "CheckRow": "table",
    "Comparison": "table",
    "certify": "certificate",
    "Certified": "certificate",
    "Truth": "certificate",
    "kinks": "smoothness",
    "Kink": "smoothness",
    "error_curve": "curve",
    "ErrorCurve": "curve",
}
__all__ = [
    "Point", "PointError", "DomainError", "check", "CheckTable", "CheckRow", "Comparison", "certify", "Certified",
    "Truth", "kinks", "Kink", "error_curve", "ErrorCurve",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(f"{__name__}.{_HOMES[name]}"), name))
