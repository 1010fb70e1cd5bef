"""Both sides of every labelled formula, written a second time by hand in NumPy, and what they say about the label."""

from __future__ import annotations

from tests.corpus.oracle.rows import Row
from tests.corpus.oracle.tables import ROWS
from tests.corpus.oracle.verdict import first_difference, world_of

__all__ = ["Row", "ROWS", "first_difference", "world_of"]
