"""Taking small parts of a tree apart: the name and the scripts of a function, two indices, a pattern with letters."""

from __future__ import annotations

from verify.latex import splits
from verify.latex import tree as t


def matched(pattern: t.Node, node: t.Node) -> dict[str, t.Node] | None:
    """The index that each letter in the scripts of a pattern stands for, if the node has its form."""
    if pattern == node:
        return {}
    same = isinstance(pattern, t.Scripted) and isinstance(node, t.Scripted)
    if not same or not isinstance(pattern, t.Scripted) or not isinstance(node, t.Scripted):
        return None
    if pattern.base != node.base or pattern.upper != node.upper or pattern.lower is None or node.lower is None:
        return None
    found: dict[str, t.Node] = {}
    for ours, theirs in zip(pattern.lower.items, node.lower.items, strict=False):
        if isinstance(ours, t.Letter):
            found[ours.name] = theirs
        elif ours != theirs:
            return None
    return found if len(pattern.lower.items) == len(node.lower.items) else None


def scripts_of(head: t.Node) -> tuple[t.Node, tuple[t.Mark, ...], t.Script | None]:
    """A function's name, and its scripts."""
    if isinstance(head, t.Scripted):
        return head.base, head.upper, head.lower
    return head, (), None


def word_of(head: t.Node) -> str:
    """The word of a function, in lower case and without a backslash."""
    base = head.base if isinstance(head, t.Scripted) else head
    return base.name.lstrip("\\").lower() if isinstance(base, t.Letter) and len(base.name) > 1 else ""


def pairs(script: t.Script) -> list[tuple[t.Node, ...]]:
    return list(splits(script, 2)) + ([script.items] if len(script.items) != 2 else [])


def doubtful(mark: t.Mark) -> bool:
    """Whether an upper script on a function is neither a prime, nor a layer in brackets or as a letter."""
    return isinstance(mark, t.Transpose) or (
        isinstance(mark, t.Raised) and not mark.fence and not isinstance(mark.body, t.Letter | t.Addition)
    )


def plain(node: t.Node) -> str:
    return node.name if isinstance(node, t.Letter) else node.digits if isinstance(node, t.Number) else ""
