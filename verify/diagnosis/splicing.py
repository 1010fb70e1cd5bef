"""A mend in the author's own text: only the smallest part that changed is written anew."""

from __future__ import annotations

import re

from verify.latex import tree as t
from verify.latex.tree import Span
from verify.latex.walk import children, mapped

_COMMAND = re.compile(r"\\[A-Za-z]+$")
_WHOLE = (t.Scripted, t.Power, t.Transposed, t.Primed, t.Big, t.Derivative)
"""What is written anew as one: scripts, and what sums and derivatives reach over."""
_LOOSE = (t.Addition, t.Negation, t.Multiplication, t.Big, t.Comparison)
"""What needs a bracket in most places."""


def changed(old: t.Node, new: t.Node) -> tuple[t.Node, t.Node]:
    """The smallest part of a tree in which it differs from another, and what stands there in the other."""
    while type(old) is type(new) and not isinstance(old, _WHOLE):
        found = _only(old, new)
        if found is None or not _inside(found[0].span, old.span) or not _fits(old, *found):
            break
        old, new = found
    return old, new


def _only(old: t.Node, new: t.Node) -> tuple[t.Node, t.Node] | None:
    """The one part in which two nodes differ, and what stands there in the other; None if there is more to it."""
    ours, theirs = tuple(children(old)), tuple(children(new))
    apart = [place for place, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]]
    if len(ours) != len(theirs) or len(apart) != 1:
        return None
    rest = iter(theirs)
    return (ours[apart[0]], theirs[apart[0]]) if mapped(old, lambda one: next(rest)) == new else None


def _fits(parent: t.Node, old: t.Node, new: t.Node) -> bool:
    """Whether one part may stand in the place of another without a bracket."""
    if isinstance(old, t.Negation) and not isinstance(new, t.Negation):
        return False  # its sign is that of a difference
    held = isinstance(parent, t.Bracket | t.Root | t.Norm) or (isinstance(parent, t.Fraction) and not parent.slash)
    return held or not isinstance(new, _LOOSE) or (type(new) is type(old) and not isinstance(old, t.Big))


def _inside(part: Span, whole: Span) -> bool:
    """Whether a part was typed, and within the whole."""
    return part[0] < part[1] and whole[0] <= part[0] and part[1] <= whole[1]


def spliced(text: str, span: Span, put: str) -> str:
    """A text with another in the place of a part; words of commands do not run into letters."""
    before, after = text[: span[0]], text[span[1] :]
    left = " " if _COMMAND.search(before) and put[:1].isalpha() else ""
    right = " " if _COMMAND.search(put) and after[:1].isalpha() else ""
    return f"{before}{left}{put}{right}{after}"
