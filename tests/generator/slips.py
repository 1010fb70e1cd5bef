"""Makes a random mistake somewhere in an expression."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.generator import expressions as x
from tests.generator.expressions import Node, Ref, Slope, Sum
from tests.generator.mistakes import MISTAKES, Mistake, Place
from tests.generator.worlds import Net


def settled(node: Node) -> Node:
    """The expression with every σ and σ′ that of its argument's layer, as a reader takes it."""
    for place, part in x.parts(node):
        node = x.replaced(node, (place,), settled(part))
    if isinstance(node, Slope | x.Act) and isinstance(node.arg, Ref) and node.arg.layer:
        return replace(node, layer=node.arg.layer)
    return node


def places(side: Node, left: Node, mistake: Mistake, rng: random.Random, net: Net | None) -> list[tuple[x.Path, Node]]:
    """Every place of a side where the mistake can be made, with what stands there then."""
    found = []
    for path, node in x.everywhere(side):
        bound = _bound(side, path)
        letters = (*sorted(x.letters(left)), *bound)
        new = mistake.change(node, Place(rng, net, letters, path == (), left))
        if new is not None and new != node:
            found.append((path, new))
    return found


def _bound(node: Node, path: x.Path) -> list[str]:
    """The letters of the sums around a place."""
    found = []
    for n in range(len(path)):
        here = x.at(node, path[:n])
        if isinstance(here, Sum):
            found.append(here.letter)
    return found


def mistaken(side: Node, left: Node, rng: random.Random, net: Net | None) -> tuple[Node, Mistake] | None:
    """The side with one random mistake; None where none can be made in twelve tries."""
    for _ in range(12):
        mistake = rng.choices(MISTAKES, [one.often for one in MISTAKES])[0]
        found = places(side, left, mistake, rng, net)
        if found:
            path, new = rng.choice(found)
            return settled(x.replaced(side, path, new)), mistake
    return None
