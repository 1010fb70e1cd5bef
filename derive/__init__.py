"""Derives gradients the way a person does on paper: a network, or a list of
definitions, becomes equations, and the chain rule runs there once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.derivation import Derivation as Derivation
    from derive.equation import Equation as Equation
    from derive.network import Network as Network
    from derive.network import SpecError as SpecError
    from derive.program import Program as Program
    from derive.step import Step as Step

_HOMES = {
    "Network": "derive.network",
    "SpecError": "derive.network",
    "Derivation": "derive.derivation",
    "Program": "derive.program",
    "Equation": "derive.equation",
    "Step": "derive.step",
}
__all__ = ["Network", "SpecError", "Derivation", "Program", "Equation", "Step"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
