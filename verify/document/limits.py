"""How much of a document is read, so that none keeps the checker busy without end; each limit says when it bites."""

from __future__ import annotations

MOST_BYTES = 3_000_000
MOST_EQUATIONS = 2_000  # a long thesis has some hundreds
MOST_CHARACTERS = 20_000  # of one display, also after its macros are expanded: what a question may hold
MOST_INLINE = 2_000  # of a formula in running text; longer ones state no shapes
MOST_TOLD = 2_000  # definitions in sentences; later sentences define nothing
MOST_MACROS = 2_000
MOST_BODY = 5_000  # of a macro's definition
MOST_DEPTH = 30  # of macros within macros
MOST_CALLS = 5_000  # of macros in one display
MOST_NOTES = 200
MOST_UNENDED = 200  # formulas and macros whose end is missing
