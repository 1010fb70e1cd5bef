"""Second derivatives by the same machinery, with steps: Hessian–vector products of whole derivations, and Hessians."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.second.hessian import HessianClaim as HessianClaim
    from derive.second.hessian import output_hessian as output_hessian
    from derive.second.moving import NoSecond as NoSecond
    from derive.second.product import HessianVector as HessianVector

_HOMES = {
    "HessianVector": "derive.second.product",
    "HessianClaim": "derive.second.hessian",
    "output_hessian": "derive.second.hessian",
    "NoSecond": "derive.second.moving",
}
__all__ = ["HessianVector", "HessianClaim", "output_hessian", "NoSecond"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
