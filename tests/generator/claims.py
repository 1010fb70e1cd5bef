"""True claims about a random network: what back-propagation says, entry by entry, by indices, or with matrices."""

from __future__ import annotations

import random

from tests.generator.arrays import Arrays
from tests.generator.expressions import (
    LOSS,
    Claim,
    D,
    Layer,
    Ref,
    Tr,
    mul,
    references,
)
from tests.generator.units import Units
from tests.generator.worlds import Net

KINDS = ("weight",) * 6 + ("bias",) * 2 + ("delta",) * 5 + ("activated",) * 3 + ("loss",) * 3 + (
    "own_slope",) * 2 + ("jacobian",) * 2 + ("forward",)  # fmt: skip


def random_claim(net: Net, rng: random.Random, notation: str = "nielsen", level: str = "") -> Claim:
    """A true claim about the network; `level` is entry, index or matrix, else by chance."""
    whole = all(isinstance(one, int) for one in net.widths)
    level = level or rng.choice(("entry", "entry", "index", "matrix", "matrix") if whole else ("index", "matrix"))
    if level == "matrix" and notation == "augmented" and not net.bias:
        level = "index"
    if level == "matrix" and notation == "augmented":
        layer = Layer("", rng.randint(1, net.depth))
        pair = D(LOSS, Ref("Wbar", layer)), mul(Ref("delta", layer), Tr(Ref("abar", layer.moved(-1))))
        return Claim((pair,), "matrix/stacked")
    maker: Units | Arrays
    maker = Arrays(net, rng, notation) if level == "matrix" else Units(net, rng, level == "entry", notation)
    if rng.random() < 0.12:
        if level == "matrix" and rng.random() < 0.5:
            return Claim(tuple(maker.lines()), "lines", True)
        sides = maker.chain()
        return Claim((tuple(sides),), "chain", rng.random() < 0.4)
    kind = rng.choice(KINDS)
    apart = net.bias and not (level == "matrix" and notation == "bishop")  # its biases are columns of the weights
    if (kind == "bias" and not apart) or (kind == "forward" and net.bias and not apart):
        kind = "delta"
    fuel = rng.choice((0, 1, 1, 2, 2, 2, 3, 4)) if level != "matrix" else rng.choice((0, 1, 2, 2, 3, 5))
    left, right = getattr(maker, kind)(fuel)
    return Claim(((left, right),), f"{level}/{kind}")


def hidden(claim: Claim) -> bool:
    """Whether the claim is about every hidden layer l."""
    sides = (side for line in claim.lines for side in line)
    return any(ref.layer is not None and ref.layer.letter == "l" for side in sides for ref in references(side))
