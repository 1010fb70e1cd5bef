"""What is said about an answer, in words: how it was read, how sure the verdict is, and what to do without one."""

from __future__ import annotations

import re
from typing import Any

from reports.checking.characters import visible
from reports.checking.drawing import draw, inline
from reports.wording import listed, tell
from reports.wording.language import language, told
from reports.wording.wrapping import columns
from verify.checking.answer import Answer, Diagnosis

MOST_SHAPES = 4
SHORT = 40
"""A sentence shorter than this that names the kind of mistake needs no heading."""
_SCRIPT = r"[_^](?:\{[^{}]*\}|[A-Za-z0-9])"
_QUOTED = re.compile(rf"\$([^$]+)\$|`([^`]+)`|(\\[A-Za-z]+(?:{_SCRIPT})*'*|\b[A-Za-z](?:{_SCRIPT})+'*)")
"""A formula in a sentence: between dollars or backticks, or a letter with scripts."""
_TO_COPY = "% derive: define "
"""From here on a sentence is a line to be copied into a document, sign for sign."""
_NAMES = re.compile(r"\\[A-Za-z]+\*?(?:\s*\{[A-Za-z ]*\})?|[_^]\{[^{}]*\}|\bd[a-z]\b")
_WORDS = re.compile(r"\b[A-Za-z]{4,}\b|\b[A-Za-z]{2,}\s+[A-Za-z]+\b|\b[A-Za-z]+\s+[a-z]{2,}\b")
_SHOWN_KINDS = {"other": ""}


def sentence(text: str) -> str:
    """A message for people: in the language that is spoken, formulas in Unicode, nothing that could move the cursor."""
    return _drawn(told(text))


def reason(answer: Answer) -> str:
    """Why there is no verdict; a comment to be copied is left to `advice`."""
    text = told(answer.message)
    return _drawn(text.partition(_TO_COPY)[0].rstrip(": ：") if _TO_COPY in text else text)


def _drawn(text: str) -> str:
    """A message with its formulas in Unicode; one that stands last, behind a colon, needs no marks around it."""
    before, comment, line = text.partition(_TO_COPY)
    if comment:
        return f"{_drawn(before)}{visible(comment + line)}"
    front, colon, formula = text.rpartition(language().colon)
    if colon and _is_formula(formula):
        return f"{_drawn(front)}{colon}{inline(formula)}"
    drawn = _QUOTED.sub(lambda found: inline(found[1] or found[2] or found[3]), visible(text))
    return drawn.replace(" - ", " − ")


def _is_formula(text: str) -> bool:
    """Whether what stands without marks is a formula, and no words about one, as in “an equation A = B is needed”."""
    if "=" not in text or "`" in text or "$" in text or _WORDS.search(_NAMES.sub("", text)):
        return False
    return not draw(text).latex


def diagnosed(one: Diagnosis) -> str:
    """The kind of a mistake and its sentence."""
    kind = _SHOWN_KINDS.get(one.kind, told(one.kind.replace("-", " ")))
    said = sentence(one.message)
    named = columns(said) < SHORT and kind in said
    return tell("{kind}: {message}", kind=kind, message=said) if kind and said and not named else said or kind


def mistaken(kind: str) -> str:
    """The kind of a mistake in a table: its name in the checker where the language has no other."""
    plain = kind.replace("-", " ")
    return kind if told(plain) == plain else told(plain)


# --- how it was read ------------------------------------------------------------------------------------------------


def reading(answer: Answer, formula: str, *, everything: bool = False) -> str:
    """`read as nielsen: input = layer 1, w³ is 3×4`; an empty text where nothing is worth saying.

    With `everything` it stands behind the word `read`, which is left out.
    """
    read = answer.reading
    said = [tell("input = {layer}", layer=visible(str(read["input"])))] if "input" in read else []
    shapes = _mapping(read.get("shapes"))
    # in a network it goes without saying that vectors are columns
    plain = read.get("notation", "given") != "given"
    mentioned = [(name, size) for name, size in shapes
                 if everything or (_mentions(formula, name) and not (plain and size.endswith("×1")))]  # fmt: skip
    said += [_sized(name, size) for name, size in mentioned[: None if everything else MOST_SHAPES]]
    said += [f"{inline(name)} = {visible(span)}" for name, span in _mapping(read.get("ranges"))]
    if read.get("grouping"):
        said.append(tell("grouped as {formula}", formula=_drawn(str(read["grouping"]))))
    front = _read(visible(str(read.get("notation", ""))), bool(said), everything)
    what = listed(said, "clause")
    return tell("{front}: {what}", front=front, what=what) if front and what else front or what


def _read(notation: str, more: bool, everything: bool) -> str:
    """By which letters it was read; nothing where nobody said, and nothing follows."""
    if not notation:
        return tell("read") if more and not everything else ""
    if notation == "given":
        return tell("by the definitions") if everything else tell("read by the definitions")
    said = "as {notation}" if everything else "read as {notation}"
    return tell(said, notation=notation)


def _sized(name: str, size: str) -> str:
    """`w³ is 3×4`, `x has n entries`, `b is a scalar`."""
    if size in ("", "scalar"):
        return tell("{name} is a scalar", name=inline(name))
    if "×" in size:
        return tell("{name} is {size}", name=inline(name), size=visible(size))
    many = "{name} has {count} entries" if size != "1" else "{name} has {count} entry"
    return tell(many, name=inline(name), count=visible(size))


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
        equal = tell("both sides are equal at random numbers of a finite field")
        if answer.error_bound is None:
            return equal
        chance = tell("were they not, that would be seen but for 1 chance in {odds}", odds=_odds(answer))
        return listed([equal, chance], "semicolon")
    if answer.proof == "counterexample":
        return tell("the two sides differ at the numbers below")
    if answer.proof != "exact":
        return ""
    if answer.verdict == "incorrect":
        return tell("proved without numbers")
    if answer.reading.get("for") == "every width" or any(isinstance(one, str) for one in _widths(answer)):
        return tell("proved for every width")
    named = widths(answer)
    return tell("proved for the widths {widths}", widths=named) if named else tell("proved by exact algebra")


def _odds(answer: Answer) -> str:
    bound = answer.error_bound or 0.0
    return f"{1 / bound:.0e}".replace("e+", "e") if bound > 0 else tell("infinitely many")


def _widths(answer: Answer) -> list[Any]:
    found = answer.reading.get("widths")
    return list(found) if isinstance(found, list | tuple) else []


def advice(answer: Answer) -> str:
    """What to do where there is no verdict."""
    found = candidates(answer)
    if len(found) > 1:
        return tell("name the notation that is meant, as in --notation {name}", name=found[0][0])
    if _TO_COPY in answer.message:
        return visible("".join(told(answer.message).partition(_TO_COPY)[1:]))
    if "it is not defined" in answer.message:
        return tell("define it, or say what it depends on, as in -g 'L = L(y)'")
    if "time" in answer.message:
        return tell("give it more time, as in --seconds 20")
    if "memory" in answer.message or "large" in answer.message:
        return tell("ask about smaller widths, or one entry at a time")
    return tell("--explain shows how it was read; --assume states what it needs")
