r"""Arrays of which only their definitions tell that they are some: z = W x + b makes z_1 an entry, and no name.

The axes are those of the value at some sizes, as the evaluator finds it; nothing is inferred twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verify.graph.nodes import TooLarge
from verify.latex import Unreadable
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.arrays import Limit, ShapeError
from verify.meaning.errors import Meaningless
from verify.meaning.evaluate import Evaluator
from verify.meaning.given import GivenScene
from verify.meaning.naming import Names, name_text
from verify.meaning.roles import spelling
from verify.meaning.sizes import Sizes


def axes(names: Names, sizes: Sizes, choices: tuple[int, ...]) -> dict[str, int]:
    """How many indices an entry has, of each name that is defined as a whole and spoken of with numbers as indices."""
    wanted = dict.fromkeys(_numbered(names))
    if not wanted:
        return {}
    scene = _scene(names, sizes, choices)
    found = {name: _axes(scene, name) for name in wanted}
    return {name: count for name, count in found.items() if count}


def measured(names: Names, sizes: Sizes, choices: Iterable[tuple[int, ...]]) -> None:
    """Joins the axes of what is defined as a whole and spoken of with indices, p = softmax(W x) and p_i, to its sizes.

    They are those that the value has, whatever numbers the sizes are given.
    """
    wanted = [one.name.text for one in names.definitions if not one.indices and not one.opaque
              and names.arrays.get(one.name.text) and one.name.text not in names.shapes]  # fmt: skip
    scenes = [_scene(names, sizes, one) for one in choices] if wanted else []
    for name in wanted:
        for axis in range(names.arrays[name]):
            own = sizes.root(("axis", name, axis))
            alike = [{root for root, number in scene.numbers.items() if number == _length(scene, name, axis)}
                     for scene in scenes]  # fmt: skip
            found = set.intersection(*alike) if alike else set()
            if len(found) == 1 and own not in found:
                sizes.join(own, found.pop())


def _scene(names: Names, sizes: Sizes, choices: tuple[int, ...]) -> GivenScene:
    scene = GivenScene(names, sizes, choices)
    evaluator = Evaluator(scene)
    scene.value, scene.number = evaluator.value, evaluator.whole
    return scene


def _length(scene: GivenScene, name: str, axis: int) -> int | None:
    """The length of an axis of a value; None of what has no value, or fewer axes."""
    try:
        shape = scene.array(name).shape
    except (Meaningless, ShapeError, Limit, Unreadable, TooLarge, ZeroDivisionError):
        return None
    long = shape if scene.names.arrays[name] > 1 else tuple(size for size in shape if size != 1)
    return long[axis] if len(long) == scene.names.arrays[name] else None


def _numbered(names: Names) -> Iterator[str]:
    """Names of definitions without indices that stand somewhere with numbers below, a_1, which is no name itself."""
    whole = {one.name.text for one in names.definitions if not one.indices and not one.opaque} - names.arrays.keys()
    for part in (part for tree in names.trees for part in walk(tree)):
        if isinstance(part, t.Scripted) and isinstance(part.base, t.Letter) and part.lower is not None:
            numbers = all(isinstance(one, t.Number) for item in part.lower.items for one in walk(item))
            if numbers and spelling(part.base) in whole and name_text(part.base, part.lower) not in names.fixed:
                yield spelling(part.base)


def _axes(scene: GivenScene, name: str) -> int:
    """The axes of a value; 0 of a number, and of what has no value, which is told where it is asked for."""
    try:
        shape = scene.array(name).shape
    except (Meaningless, ShapeError, Limit, Unreadable, TooLarge, ZeroDivisionError):
        return 0
    return scene.single(name) or sum(size != 1 for size in shape)
