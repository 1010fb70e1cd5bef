"""No row of a table is dead: every sentence, phrase and word is one that the code can print."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from reports.wording import ENGLISH
from reports.wording.language import HOLE, LANGUAGES, NATIVE, language

OTHERS = [code for code in LANGUAGES if code != NATIVE]
ROOMS = ("derive", "reports", *(f"verify/{one}" for one in (
    "batch", "checking", "diagnosis", "document", "graph", "latex", "meaning", "oracles", "programs", "second",
    "training",
)))  # fmt: skip
JOINED = {
    "{a}: correct", "{a}: incorrect", "{a}: undecided", "the notation is not clear",
    "the notation is not clear: {a}", "{a} has no meaning here", "entry {a}", "{a}; entry {b}",
    "{a} is taken as a function of {b}: nothing defines it",
    "{a} is differentiated here, but no display defines it; a comment may: {b}",
    "T above a number may be a transpose or a power; state the shapes of {a}, as in --shape {b}",
    "T above {a} may be a transpose or a power: nobody stated its shape, as in --shape {b}",
    "{a} ({b} entries are wrong)", "{loss} = {function}, of which nothing is known, stands behind {array}",
    *(f"The rate does not stay; {{epochs}} counts the epochs that have passed{total}{spans}:"
      for total in ("", " of {total}") for spans in ("", ", {spans} the whole spans among them")),
}  # fmt: skip
"""Rows that the code puts together from parts."""


@cache
def texts() -> frozenset[str]:
    """Every string of the code outside of the tables of sentences, holes as {}."""
    files = chain(Path("verify").glob("*.py"), *(Path(room).rglob("*.py") for room in ROOMS))
    found: set[str] = set()
    for file in files:
        if "wording" in file.parts and file.name not in ("__init__.py", "native.py"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(re.sub(r"\{\w*\}|\\1", "{}", node.value).strip())
            elif isinstance(node, ast.JoinedStr):
                parts = (str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
                found.add("".join(parts).strip())
    return frozenset(found)


@cache
def patterns() -> re.Pattern[str]:
    """What the texts with holes can become, if enough of them is fixed to tell them apart."""
    fixed = [one for one in texts() if "{}" in one and len(re.sub(r"\{\}|\W", "", one)) > 2 and "\n" not in one]
    return re.compile("|".join("(?:" + ".*".join(map(re.escape, one.split("{}"))) + ")" for one in sorted(fixed)))


def dead(rows: set[str]) -> list[str]:
    """The rows of which nothing in the code could be the text: as it stands, without a capital, or as a name."""
    return sorted(
        row for row in rows - JOINED if not any(map(alive, (row, row[:1].lower() + row[1:], row.replace(" ", "-"))))
    )


def alive(row: str) -> bool:
    return HOLE.sub("{}", row).strip() in texts() or patterns().fullmatch(row) is not None


def test_every_sentence_of_a_chapter_is_asked_for():
    left_over = {"shifted-and-forgotten"}
    assert dead(set(ENGLISH)) == []
    assert dead(left_over) == sorted(left_over)


@pytest.mark.parametrize("code", OTHERS)
def test_every_phrase_and_every_word_stands_somewhere_in_the_code(code):
    row = language(code)
    assert dead(set(row.phrases)) == []
    assert dead(set(row.words)) == []
    assert set(row.phrases) | set(row.words) >= JOINED
