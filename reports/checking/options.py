"""What was typed behind `derive check`, as a question without its formula and as choices; mistakes are one sentence."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports.checking.sources import SourceError, definitions
from reports.typed import Mistyped, activation, parts
from verify.checking.question import BadQuestion, Question

MEGABYTE = 1024**2
MOST_SECONDS = 86_400.0
NARROWEST, WIDEST = 60, 100
_SIZE = re.compile(r"\d{1,8}|\\?[A-Za-z][A-Za-z0-9_{}']{0,19}")


class BadOption(ValueError):
    """An option that says nothing that can be asked; the message is one sentence."""


@dataclass(frozen=True)
class Options:
    """Everything but the formula.

    `record` holds the fields of a question as JSON, only those that were said; `claims` are formulas of a `--given`
    file that are to be checked.  `memory` is in bytes, None for the usual; `second` whether latex2sympy2 reads the
    formula too, None for the usual.
    """

    record: dict[str, Any] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    seconds: float | None = None
    memory: int | None = None
    jobs: int | None = None
    second: bool | None = None
    as_json: bool = False
    explain: bool = False
    quiet: bool = False
    colour: bool = False
    unicode: bool = True
    width: int = WIDEST
    output: Path | None = None
    resume: bool = False
    scheduler: str | None = None

    def question(self, formula: str) -> Question:
        """The question about a formula; raises `BadQuestion`."""
        return Question.of({**self.record, "formula": formula})


def read(chosen: Mapping[str, Any]) -> Options:
    """The options that were typed; raises `BadOption`, `SourceError`, `Mistyped` or `BadQuestion`."""
    given = definitions(chosen["given"])
    record = _record(chosen)
    shapes = {**given.shapes, **dict(map(_shape, chosen["shapes"]))}
    assumed = [*given.assumed, *chosen["assume"]]
    record |= {"given": given.formulas, "infer": True} if chosen["given"] else {}
    record |= {"shapes": {name: list(sizes) for name, sizes in shapes.items()}} if shapes else {}
    record |= {"assume": assumed} if assumed else {}
    found = Options(
        record,
        tuple(given.claims),
        _seconds(chosen["seconds"]),
        _memory(chosen["memory"]),
        chosen["jobs"],
        chosen["second_reader"],
        chosen["as_json"],
        chosen["explain"],
        chosen["quiet"],
        colours(chosen["colour"]),
        shows(sys.stdout),
        columns(),
        chosen["output"],
        chosen["resume"],
        chosen["scheduler"],
    )
    found.question("a = a")  # what the fields say is refused here, not once for each formula
    return found


def _record(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a question that one option each says."""
    found: dict[str, Any] = {}
    if chosen["layers"] is not None:
        found["layers"] = [_width(one, place) for place, one in enumerate(parts(chosen["layers"], "--layers"))]
    if chosen["activations"] is not None:
        listed = parts(chosen["activations"], "--activations")
        named = [activation(one) for one in listed]
        found["activations"] = named[0] if len(named) == 1 else named
    if chosen["no_bias"] and chosen["bias"] not in (None, "none"):
        raise BadOption("--bias and --no-bias say two things: one of the two")
    bias = "none" if chosen["no_bias"] else chosen["bias"]
    if bias is not None:
        kinds = [_biased(one) for one in parts(bias, "--bias")]
        found["bias"] = kinds[0] if len(kinds) == 1 else kinds
    plain = ("loss", "notation", "layout", "first_layer")
    return found | {name: chosen[name] for name in plain if chosen[name] is not None}


def _biased(kind: str) -> bool:
    """Whether a layer has biases, by the words of `derive --bias`."""
    if kind not in ("separate", "none"):
        raise BadOption(f"check knows networks with --bias or --no-bias; {kind[:40]!r} is neither")
    return kind == "separate"


def _width(text: str, place: int) -> int | str | dict[str, bool]:
    """A width; b behind the first is a layer that only adds biases, as for `derive`."""
    if text == "b" and place:
        return {"bias_only": True}
    if not _SIZE.fullmatch(text):
        raise BadOption(f"a width in --layers must be a whole number or a letter such as n_1, not {text[:40]!r}")
    return int(text) if text.isdigit() else text


def _shape(text: str) -> tuple[str, tuple[int | str, ...]]:
    """`W=m,n`; nothing behind the sign is a scalar."""
    name, sign, sizes = text.partition("=")
    axes = parts(sizes, "--shape") if sizes.strip() else []
    if not sign or not name.strip() or not all(map(_SIZE.fullmatch, axes)):
        raise BadOption(f"--shape is a name and its sizes, as in W=m,n, not {text[:40]!r}")
    return name.strip(), tuple(int(part) if part.isdigit() else part for part in axes)


def _seconds(value: float | None) -> float | None:
    if value is not None and not 0 < value <= MOST_SECONDS:
        raise BadOption(f"--seconds must be between 0 and {MOST_SECONDS:,.0f}, not {value:g}")
    return value


def _memory(value: int | None) -> int | None:
    return None if value is None else value * MEGABYTE


# --- the terminal ---------------------------------------------------------------------------------------------------


def colours(wanted: bool) -> bool:
    """Whether to write in colour: on a terminal, unless somebody asked for none (https://no-color.org)."""
    terminal = sys.stdout is not None and sys.stdout.isatty()
    return wanted and terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def shows(stream: Any) -> bool:
    """Whether a stream can take the signs that formulas are drawn with."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        "δ²ⱼᵀ⊙─┬│✓✗Σ∂ℒ".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def columns() -> int:
    """How wide lines may be: as the terminal, but never too long to read."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


__all__ = ["BadOption", "BadQuestion", "Options", "SourceError", "Mistyped", "read"]
