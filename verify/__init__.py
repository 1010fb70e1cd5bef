"""Proves derivations, compiles them, and checks them; checks formulas that people derived by hand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.batch.asking import check as check
    from verify.certificates import certify as certify
    from verify.checking.answer import Answer as Answer
    from verify.checking.question import Question as Question
    from verify.engine.core import Engine as Engine
    from verify.examination import Examination as Examination
    from verify.examination import examine as examine
    from verify.gradients import GradientError as GradientError
    from verify.gradients import assert_gradient as assert_gradient
    from verify.gradients import check_gradient as check_gradient
    from verify.kernel import KernelError as KernelError
    from verify.kernel import recheck as recheck
    from verify.oracles.point import Point as Point

_HOMES = {
    "check": "verify.batch.asking",
    "check_gradient": "verify.gradients",
    "assert_gradient": "verify.gradients",
    "GradientError": "verify.gradients",
    "certify": "verify.certificates",
    "Answer": "verify.checking.answer",
    "Question": "verify.checking.question",
    "Engine": "verify.engine.core",
    "recheck": "verify.kernel",
    "KernelError": "verify.kernel",
    "examine": "verify.examination",
    "Examination": "verify.examination",
    "Point": "verify.oracles.point",
}
__all__ = [
    "check", "Answer", "Question", "check_gradient", "assert_gradient", "GradientError", "certify", "Engine", "recheck",
    "KernelError", "examine", "Examination", "Point",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
