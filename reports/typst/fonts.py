"""The fonts of this machine that have the letters of a language: a PDF in Chinese needs one, English brings its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst as bundled

from reports.wording.language import Language


@dataclass(frozen=True)
class Found:
    """A family and the folders that its files are in; no family where none is needed."""

    family: str = ""
    folders: tuple[str, ...] = ()


class NoFont(RuntimeError):
    """No font on this machine has the letters of a language; the message is one sentence that names one."""


@cache
def installed() -> dict[str, tuple[str, ...]]:
    """The folders of each family that is installed, looked for once in a process."""
    found: dict[str, set[str]] = {}
    for one in bundled.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts():
        if one.path:
            found.setdefault(one.family, set()).add(str(Path(one.path).parent))
    return {family: tuple(sorted(folders)) for family, folders in found.items()}


def font_for(row: Language) -> Found:
    """The first installed family with the letters of a language.  Raises `NoFont` where there is none."""
    if not row.fonts:
        return Found()
    there = installed()
    family = next((one for one in row.fonts if one in there), None)
    if family is None:
        raise NoFont(
            f"no font on this machine has the letters of {row.name}; install one such as {row.font_package},"
            " or take --format html"
        )
    return Found(family, there[family])
