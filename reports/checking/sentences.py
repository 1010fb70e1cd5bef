"""What is said about an answer, in words: how it was read, how sure the verdict is, and what to do without one."""

from __future__ import annotations

import re
from typing import Any

from reports.checking.characters import visible
from reports.checking.drawing import draw, inline
from verify.checking.answer import Answer, Diagnosis

MOST_SHAPES = 4
SHORT = 40
"""A sentence shorter than this that names the kind of mistake needs no heading."""
_SCRIPT = r"[_^](?:\{[^{}]*\}|[A-Za-z0-9])"
_QUOTED = re.compile(rf"\$([^$]+)\$|`([^`]+)`|(\\[A-Za-z]+(?:{_SCRIPT})*'*|\b[A-Za-z](?:{_SCRIPT})+'*)")
"""A formula in a sentence: between dollars or backticks, or a letter with scripts."""
_SHOWN_KINDS = {"other": ""}


def sentence(text: str) -> str:
    """A message for people: formulas in Unicode, nothing that could move the cursor."""
    front, colon, formula = text.rpartition(": ")
    if colon and "`" not in formula and "$" not in formula and not draw(formula).latex and "=" in formula:
        return f"{sentence(front)}: {inline(formula)}"
    drawn = _QUOTED.sub(lambda found: inline(found[1] or found[2] or found[3]), visible(text))
    return drawn.replace(" - ", " − ")


def diagnosed(one: Diagnosis) -> str:
    """The kind of a mistake and its sentence."""
    kind = _SHOWN_KINDS.get(one.kind, one.kind.replace("-", " "))
    said = sentence(one.message)
    told = len(said) < SHORT and kind in said
    return f"{kind}: {said}" if kind and said and not told else said or kind


# --- how it was read ------------------------------------------------------------------------------------------------


def reading(answer: Answer, formula: str, *, everything: bool = False) -> str:
    """`read as nielsen: input = layer 1, w³ is 3×4`; an empty text where nothing is worth saying."""
    read = answer.reading
    said = [f"input = {visible(str(read['input']))}"] if "input" in read else []
    shapes = _mapping(read.get("shapes"))
    # in a network it goes without saying that vectors are columns
    columns = read.get("notation", "given") != "given"
    mentioned = [(name, size) for name, size in shapes
                 if everything or (_mentions(formula, name) and not (columns and size.endswith("×1")))]  # fmt: skip
    said += [_sized(name, size) for name, size in mentioned[: None if everything else MOST_SHAPES]]
    said += [f"{inline(name)} = {visible(span)}" for name, span in _mapping(read.get("ranges"))]
    said += [f"grouped as {sentence(str(read['grouping']))}"] if read.get("grouping") else []
    notation = visible(str(read.get("notation", "")))
    front = "read by the definitions" if notation == "given" else f"read as {notation}" if notation else ""
    front = front or ("read" if said else "")
    return ": ".join(part for part in (front, ", ".join(said)) if part)


def _sized(name: str, size: str) -> str:
    """`w³ is 3×4`, `x has n entries`, `b is a scalar`."""
    if size in ("", "scalar"):
        return f"{inline(name)} is a scalar"
    return f"{inline(name)} {f'is {visible(size)}' if '×' in size else f'has {visible(size)} entries'}"


def _mentions(formula: str, name: str) -> bool:
    """Whether a formula holds an array as a whole: `w^3`, and not only an entry such as w^3_{11}."""
    plain, wanted = (re.sub(r"[{}]", "", one) for one in (formula, name))
    return re.search(re.escape(wanted) + r"(?![_\w])", plain) is not None


def roles(answer: Answer) -> list[tuple[str, str]]:
    """Each letter and what it is."""
    return [(inline(name), sentence(role)) for name, role in _mapping(answer.reading.get("roles"))]


def candidates(answer: Answer) -> list[tuple[str, str]]:
    """Each notation that fits, and the verdict in it."""
    found = answer.reading.get("candidates")
    listed = found if isinstance(found, list | tuple) else []
    return [(visible(str(one.get("notation", "?"))), visible(str(one.get("verdict", "?"))))
            for one in listed if isinstance(one, dict)]  # fmt: skip


def _mapping(value: Any) -> list[tuple[str, str]]:
    return [(str(name), str(one)) for name, one in value.items()] if isinstance(value, dict) else []


def widths(answer: Answer) -> str:
    """`3-4-3-2`, or nothing."""
    found = answer.reading.get("widths")
    return visible("-".join(map(str, found))) if isinstance(found, list | tuple) else ""


# --- how sure -------------------------------------------------------------------------------------------------------


def certainty(answer: Answer) -> str:
    """How sure the verdict is, and why."""
    if answer.proof == "probabilistic":
        bound = (
            ""
            if answer.error_bound is None
            else f"; were they not, that would be seen but for 1 chance in {_odds(answer)}"
        )
        return f"both sides are equal at random numbers of a finite field{bound}"
    if answer.proof == "counterexample":
        return "the two sides differ at the numbers below"
    if answer.proof != "exact":
        return ""
    if answer.verdict == "incorrect":
        return "proved without numbers"
    every = answer.reading.get("for") == "every width" or any(isinstance(one, str) for one in _widths(answer))
    size = "for every width" if every else f"for the widths {widths(answer)}" if widths(answer) else "by exact algebra"
    return f"proved {size}"


def _odds(answer: Answer) -> str:
    bound = answer.error_bound or 0.0
    return f"{1 / bound:.0e}".replace("e+", "e") if bound > 0 else "infinitely many"


def _widths(answer: Answer) -> list[Any]:
    found = answer.reading.get("widths")
    return list(found) if isinstance(found, list | tuple) else []


def advice(answer: Answer) -> str:
    """What to do where there is no verdict."""
    listed = candidates(answer)
    if len(listed) > 1:
        return f"name the notation that is meant, as in --notation {listed[0][0]}"
    if "time" in answer.message:
        return "give it more time, as in --seconds 20"
    if "memory" in answer.message or "large" in answer.message:
        return "ask about smaller widths, or one entry at a time"
    return "--explain shows how it was read; --assume states what it needs"
