r"""Index letters: which are free, which a sum binds, and the range that each runs through.

A letter runs through the range of the slots in which it stands.  Slots of different ranges make the formula wrong:
two ranges never mix silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verify.latex import tree as t
from verify.latex.walk import children, walk
from verify.meaning.errors import OutOfRange, Unsupported
from verify.meaning.scene import Env, Scene, Slot


def letter_of(node: t.Node) -> str | None:
    """The name of a bare letter."""
    return node.name if isinstance(node, t.Letter) and not node.accents else None


def bound_by(node: t.Big) -> frozenset[str]:
    """The letters that a sum binds."""
    names = [letter_of(one) for item in node.binders for one in _items(item)]
    return frozenset(name for name in names if name)


def _items(node: t.Node) -> Iterator[t.Node]:
    """The letters of a binder such as `ij`."""
    if isinstance(node, t.Multiplication):
        yield from node.factors
    elif isinstance(node, t.Bracket):
        yield from node.items
    else:
        yield node


def slots_in(scene: Scene, node: t.Node, env: Env) -> Iterator[Slot]:
    """All slots of a tree in which a letter may run; those below a sum only for letters that it does not bind."""
    if isinstance(node, t.Letter) or (isinstance(node, t.Scripted) and isinstance(node.base, t.Letter)):
        yield from scene.slots(node, env)
        return
    if isinstance(node, t.Scripted):
        yield from slots_in(scene, node.base, env)
        return
    if isinstance(node, t.Call) and scene.ignores(node.function):
        return
    if isinstance(node, t.Big):
        bound = bound_by(node)
        for slot in slots_in(scene, node.body, env):
            if not (letters_of(slot[0]) & bound):
                yield slot
        if node.over is not None:
            yield from slots_in(scene, node.over, env)
        return
    for part in children(node):
        yield from slots_in(scene, part, env)


def letters_of(node: t.Node) -> frozenset[str]:
    """The letters of an index."""
    name = letter_of(node)
    if name is not None:
        return frozenset((name,))
    found: frozenset[str] = frozenset()
    for part in children(node):
        found |= letters_of(part)
    return found


def ranges(scene: Scene, nodes: tuple[t.Node, ...], env: Env) -> dict[str, tuple[int, int]]:
    """The range of each letter that is free in these trees, in the order in which they stand."""
    found: dict[str, tuple[int, int]] = {}
    for node in nodes:
        for index, low, high in slots_in(scene, node, env):
            name = letter_of(index)
            if name is None or name in env:
                continue
            if scene.whole(index, env) is not None and name not in found:
                continue
            found[name] = _met(found.get(name), (low, high), index)
    return found


def _met(known: tuple[int, int] | None, new: tuple[int, int], index: t.Node) -> tuple[int, int]:
    low, high = new
    if known is None:
        return max(low, 1), high
    if known[1] != high:
        raise OutOfRange(index, f"this index would have to run to {known[1]} and to {high}", "index", clash=True)
    return max(known[0], low), high


def bound_range(scene: Scene, node: t.Big, name: str, env: Env) -> tuple[int, int]:
    """The range of a letter under a sum without limits."""
    for index, low, high in slots_in(scene, node.body, env):
        if letter_of(index) == name:
            found: tuple[int, int] = _met(None, (low, high), index)
            for other, first, last in slots_in(scene, node.body, env):
                if letter_of(other) == name:
                    found = _met(found, (first, last), other)
            return found
    raise Unsupported(node, f"nothing says how far the sum over {name} runs")


def spoken_letters(node: t.Node, skipped: Callable[[t.Node], bool] = lambda node: False) -> Iterator[t.Letter]:
    """The letters of a tree that stand for quantities: not those of scripts, of binders, or of what is skipped."""
    if skipped(node):
        return
    if isinstance(node, t.Letter):
        yield node
    elif isinstance(node, t.Scripted):
        yield from spoken_letters(node.base, skipped)
    elif isinstance(node, t.Big | t.Norm):  # the F of ‖W‖_F names the norm
        yield from spoken_letters(node.body, skipped)
    else:
        for part in children(node):
            yield from spoken_letters(part, skipped)


def indices_of(node: t.Node) -> frozenset[str]:
    """The letters of all scripts and binders of a tree."""
    found: frozenset[str] = frozenset()
    for part in walk(node):
        if isinstance(part, t.Scripted):
            for script in (part.lower, *part.upper, *part.left_upper, part.left_lower):
                found |= letters_of(script) if script is not None else frozenset()
        elif isinstance(part, t.Big):
            found |= bound_by(part)
            found |= letters_of(part.over) if part.over is not None else frozenset()
    return found
