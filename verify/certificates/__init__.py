"""Certified gradients: reverse mode in balls over the definitions of any program, and the digits it proves."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.certificates.certifying import Certifier as Certifier
    from verify.certificates.certifying import Truth as Truth
    from verify.certificates.certifying import certify as certify
    from verify.certificates.errors import NotCertified as NotCertified
    from verify.certificates.result import ArrayCertificate as ArrayCertificate
    from verify.certificates.result import Certificate as Certificate
    from verify.certificates.result import Entry as Entry

_HOMES = {
    "certify": "verify.certificates.certifying",
    "Certifier": "verify.certificates.certifying",
    "Truth": "verify.certificates.certifying",
    "Certificate": "verify.certificates.result",
    "ArrayCertificate": "verify.certificates.result",
    "Entry": "verify.certificates.result",
    "NotCertified": "verify.certificates.errors",
}
__all__ = ["certify", "Certifier", "Truth", "Certificate", "ArrayCertificate", "Entry", "NotCertified"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(_HOMES[name]), name))
