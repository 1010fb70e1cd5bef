"""LaTeX text to a syntax tree with places, and back; no notation, no meaning, no evaluation.

`read(text)` gives a `Reading` or raises `Unreadable(message, start, end)`; `unread(node)` prints a node.
For whoever knows the roles: `resolved`, `joined`, `splits`, `exponent_of` (`resolve`), `groupings` and `extents`.
"""

from __future__ import annotations

from verify.latex.errors import Unreadable
from verify.latex.groupings import extents, groupings
from verify.latex.reading import Reading, Statement
from verify.latex.resolve import exponent_of, joined, resolved, splits
from verify.latex.statements import read
from verify.latex.unread import unread

__all__ = ["read", "unread", "Reading", "Statement", "Unreadable", "resolved", "joined", "splits", "exponent_of",
           "groupings", "extents"]  # fmt: skip
