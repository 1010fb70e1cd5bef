"""How a function or a class is called, as Python writes it, without what only this run knows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_WIDE = 96
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_MADE = re.compile(r"<.*>")


@dataclass(frozen=True)
class _Bare:
    """Text that a signature shows as it is, without quotes."""

    text: str

    def __repr__(self) -> str:
        return self.text


def called(name: str, thing: Callable[..., Any], bound: bool = False) -> str:
    """`check(formula: str, *, seconds: float = 2.0) -> Answer`, a line an argument where that is too wide.

    With `bound` the first argument is left out, since a call does not name it.  What has no signature of its own is a
    name alone.
    """
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return name
    given = [_bare(one) for one in found.parameters.values()][1 if bound else 0 :]
    ends = found.empty if isinstance(thing, type) else _annotation(found.return_annotation)
    found = found.replace(parameters=given, return_annotation=ends)
    text = f"{name}{found}"
    return text if len(text) <= _WIDE else f"{name}{_long(found)}"


def plainly(thing: Any) -> str:
    """The representation of a value; where it holds an address, only what the value is."""
    return _ADDRESS.sub("", repr(thing))


def _long(found: inspect.Signature) -> str:
    behind = "" if found.return_annotation is found.empty else f" -> {found.return_annotation!r}"
    lines: list[str] = []
    before = None
    for one in found.parameters.values():
        if one.kind is one.KEYWORD_ONLY and before not in (one.KEYWORD_ONLY, one.VAR_POSITIONAL):
            lines.append("    *,")
        lines.append(f"    {one},")
        before = one.kind
    return "(\n" + "\n".join(lines) + f"\n){behind}"


def _bare(one: inspect.Parameter) -> inspect.Parameter:
    default = one.default if one.default is one.empty else _Bare(_MADE.sub("…", repr(one.default)))
    return one.replace(annotation=_annotation(one.annotation), default=default)


def _annotation(said: Any) -> Any:
    return _Bare(said.strip("'\"")) if isinstance(said, str) else said
