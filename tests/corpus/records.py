"""The labelled records, read from the files beside this one, and what a record may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = ("textbooks", "peers", "layouts")
ASKED = ("layers", "activations", "loss", "bias", "given", "assume", "shapes", "layout", "first_layer")
"""The fields, beside the formula and the notation, that say what is asked."""
LABELS = ("expect", "accept", "expect_kinds", "expect_first_error", "fix", "family", "source", "note")
VERDICTS = ("correct", "incorrect", "undecided", "unreadable")


def read(name: str) -> list[dict[str, Any]]:
    """The records of one file, in order."""
    with (HERE / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def records() -> list[dict[str, Any]]:
    """All records."""
    return [record for name in FILES for record in read(name)]


def question(record: dict[str, Any]) -> dict[str, Any]:
    """The record without its labels: all that a checker may see."""
    return {key: value for key, value in record.items() if key not in LABELS}


def about(record: dict[str, Any]) -> str:
    """What two claims have in common that ask about the same thing in the same setting."""
    return json.dumps({key: record.get(key) for key in ASKED}, sort_keys=True)


def outcome(record: dict[str, Any], verdict: str) -> str:
    """`right`; `wrong` for the opposite; `overclaimed` for a promise where none can be kept; else `shy`."""
    expected = record["expect"]
    if verdict in (expected, *record.get("accept", ())):
        return "right"
    if {verdict, expected} == {"correct", "incorrect"}:
        return "wrong"
    return "overclaimed" if verdict in ("correct", "incorrect") else "shy"
