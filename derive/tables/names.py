"""The sentence about a name that a table of activations or losses does not have, without anything that takes time."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any


def unknown(name: Any, table: Mapping[str, Any], what: str) -> str:
    """What is wrong with a name, and what is near; "" for a name that the table has."""
    if isinstance(name, str) and name in table:
        return ""
    near = get_close_matches(str(name), table, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"unknown {what} {name!r}{hint} (known: {', '.join(table)})"
