"""The error of an emitter that meets something that is no box."""

from __future__ import annotations

from typing import NoReturn


class UnknownBox(TypeError):
    """The thing to print is not one of the box types of `derive.layout`."""


def refuse(thing: object, language: str) -> NoReturn:
    """Raise `UnknownBox`, naming the type and the language."""
    raise UnknownBox(f"{language} has no row for a {type(thing).__name__}: {thing!r}")
