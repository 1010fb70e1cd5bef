"""What was typed behind `derive --given`, as definitions, shapes and letters; every mistake is one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.network import SpecError
from reports.checking.sources import SourceError, definitions
from reports.typed import Mistyped, parts

_SIZE = re.compile(r"\d{1,8}|\\?[A-Za-z][A-Za-z0-9_{}']{0,19}")


@dataclass(frozen=True)
class Asked:
    """Definitions, the sizes of arrays, the letters to differentiate by, and what holds by assumption."""

    given: tuple[str, ...]
    shapes: Mapping[str, tuple[int | str, ...]]
    wrt: tuple[str, ...]
    assumed: tuple[str, ...]


def asked(given: tuple[str, ...], wrt: str | None, shapes: tuple[str, ...], assume: tuple[str, ...]) -> Asked:
    """The question; raises `SpecError`."""
    try:
        found = definitions(given)
        letters = tuple(parts(wrt, "--wrt")) if wrt is not None else ()
    except (SourceError, Mistyped) as error:
        raise SpecError(str(error)) from None
    if not found.formulas:
        raise SpecError("--given holds no definition, such as f = \\lVert x \\rVert^2")
    stated = {**found.shapes, **dict(map(_shape, shapes))}
    return Asked(tuple(found.formulas), stated, letters, (*found.assumed, *assume))


def _shape(text: str) -> tuple[str, tuple[int | str, ...]]:
    """`W=m,n`; nothing behind the sign is a number."""
    name, sign, sizes = text.partition("=")
    axes: list[Any] = [one.strip() for one in sizes.split(",")] if sizes.strip() else []
    if not sign or not name.strip() or not all(_SIZE.fullmatch(one) for one in axes):
        raise SpecError(f"--shape is a name and its sizes, as in W=m,n, not {text[:40]!r}")
    return name.strip(), tuple(int(one) if one.isdigit() else one for one in axes)
