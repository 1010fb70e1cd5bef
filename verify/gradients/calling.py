"""How a function takes its parameters: as one argument, one after the other, or by keyword, read from its signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from verify.gradients.errors import GradientError
from verify.gradients.libraries import library_of

UPSTREAM = ("upstream", "dy", "dout", "d_out", "grad_output", "grad_out", "grad_y", "cotangent", "ybar")
WAYS = ("auto", "one", "positional", "keyword")
_PLAIN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Way:
    """`way` is one of `WAYS` but auto; `upstream` is the place or the name of the argument for it."""

    function: Callable[..., Any]
    way: str
    upstream: int | str | None = None

    def __call__(self, structure: Any, upstream: Any = None) -> Any:
        """The function of parameters in their structure."""
        arguments = list(structure) if self.way == "positional" else []
        keywords = dict(structure) if self.way == "keyword" else {}
        if self.way == "one":
            arguments = [structure]
        if isinstance(self.upstream, int):
            arguments.insert(self.upstream, upstream)
        elif self.upstream is not None:
            keywords[self.upstream] = upstream
        return self.function(*arguments, **keywords)


def way_of(function: Any, at: Any, call: str, name: str, upstream: bool = False) -> Way:
    """The way in which `function` takes `at`; `call` is what the user has said."""
    if not callable(function):
        raise GradientError(f"{name} must be a function, not {type(function).__name__}")
    if call not in WAYS:
        raise GradientError(f"call must be one of {', '.join(WAYS)}, not {call!r}")
    known = _signature(function)
    extra = _extra(known, at) if upstream else None
    shown = [one for one in known if one.name != extra]
    way = call if call != "auto" else _guess(shown, at)
    if (way == "keyword" and not isinstance(at, Mapping)) or (way == "positional" and library_of(at) is not None):
        raise GradientError(f"call={way!r} does not fit `at`, which is a {type(at).__name__}: leave it out")
    return Way(
        function, way, _place(known, extra, 1 if way == "one" else len(at)) if upstream and way != "keyword" else extra
    )


def _place(known: list[inspect.Parameter], extra: str | None, count: int) -> int | str | None:
    """Where the upstream gradient stands among the arguments; behind `count` others if one more is needed."""
    plain = [one.name for one in known if one.kind in _PLAIN]
    if extra is not None:
        return plain.index(extra) if extra in plain[: count + 1] else extra
    needed = [one for one in known if one.kind in _PLAIN and one.default is one.empty]
    return count if len(needed) == count + 1 else None


def _signature(function: Any) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # built in: nothing is known of it
        return []


def _extra(known: list[inspect.Parameter], at: Any) -> str | None:
    own = set(at) if isinstance(at, Mapping) else set()
    usable = (one.name for one in known if one.kind is not inspect.Parameter.POSITIONAL_ONLY)
    return next((name for name in usable if name in UPSTREAM and name not in own), None)


def _guess(known: list[inspect.Parameter], at: Any) -> str:
    plain = [one for one in known if one.kind in _PLAIN]
    needed = [one for one in plain if one.default is one.empty]
    if isinstance(at, Mapping):
        named = {one.name for one in known if one.kind is not inspect.Parameter.POSITIONAL_ONLY}
        open_ended = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in known) and not needed
        return "keyword" if at and (set(at) <= named or open_ended) else "one"
    if isinstance(at, list | tuple):
        several = not known or any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in known)
        return "positional" if several or len(needed) <= len(at) <= len(plain) else "one"
    return "one"


def names_of(function: Any, at: Any, way: str) -> Callable[[int], str]:
    """The name of the argument at a position, for messages."""
    plain = [one.name for one in _signature(function) if one.kind in _PLAIN]
    stem = plain[0] if plain else "at"
    if way == "positional":
        return lambda number: plain[number] if number < len(plain) else f"at[{number}]"
    return lambda number: f"{stem}[{number}]" if isinstance(at, list | tuple) else stem
