"""An independent second reader of formulas: latex2sympy2, behind placeholders, in a process of its own.

`second_opinion(text)` gives an `Opinion`; a `SecondReader` does so with a process and limits of its own.
"""

from __future__ import annotations

from verify.second.opinion import Opinion, SecondReader, second_opinion

__all__ = ["second_opinion", "SecondReader", "Opinion"]
