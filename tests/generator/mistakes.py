"""The kinds of mistake that people make, one row each: how an expression changes, and what a diagnosis may call it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tests.generator import expressions as x
from tests.generator.expressions import Add, D, Diag, Div, Fn, Had, Layer, Mul, Neg, Node, Num, Ref, Slope, Sum, Tag, Tr
from tests.generator.networks import constants
from tests.generator.rules import LOSS_SLOPES, SLOPES, array, lifted
from tests.generator.worlds import Net


@dataclass(frozen=True)
class Place:
    """Where a mistake is made: the dice, the letters that mean something there, whether it is the whole side."""

    rng: random.Random
    net: Net | None
    letters: tuple[str, ...]
    whole: bool
    left: Node

    def other(self, items: Sequence[str], than: object) -> str | None:
        """Another of the items."""
        kept = [one for one in items if one != than]
        return self.rng.choice(kept) if kept else None


Change = Callable[[Node, Place], Node | None]


@dataclass(frozen=True)
class Mistake:
    """A row: `change` gives what stands instead of a node, or None where it does not apply."""

    name: str
    kinds: tuple[str, ...]
    change: Change
    often: int = 2


# --- signs and factors ----------------------------------------------------------------------------------------------


def negated(node: Node) -> Node:
    """−node."""
    return node.body if isinstance(node, Neg) else Neg(node)


def _sign_of_term(node: Node, p: Place) -> Node | None:
    if not isinstance(node, Add):
        return None
    n = p.rng.randrange(len(node.terms))
    return Add((*node.terms[:n], negated(node.terms[n]), *node.terms[n + 1 :]))


def _sign(node: Node, p: Place) -> Node | None:
    return negated(node) if p.whole else None


def _residual(node: Node) -> bool:
    """Whether a node is a − y or y − a."""
    if not (isinstance(node, Add) and len(node.terms) == 2 and isinstance(node.terms[1], Neg)):
        return False
    first, second = node.terms[0], node.terms[1].body
    pair = {one.role for one in (first, second) if isinstance(one, Ref)}
    return pair == {"a", "y"} or (len(pair) == 2 and all(one.layer is None for one in (first, second)))


def _target_sign(node: Node, p: Place) -> Node | None:
    if not _residual(node):
        return None
    assert isinstance(node, Add) and isinstance(node.terms[1], Neg)
    return x.minus(node.terms[1].body, node.terms[0])


def _factor(node: Node, p: Place) -> Node | None:
    if not p.whole or isinstance(node, Num):
        return None
    factor = p.rng.choice((x.TWO, x.number("1/2"), x.number(3), x.number("1/3"), x.TWO, *_sizes(p)))
    if isinstance(factor, x.Size) and p.rng.random() < 0.5:
        return Div(node, factor)
    return x.mul(factor, *node.factors) if isinstance(node, Mul) else x.mul(factor, node)


def _sizes(p: Place) -> list[Node]:
    return [x.Size(Layer("", p.net.depth))] if p.net and p.net.widths[-1] != 1 else []


def _factor_dropped(node: Node, p: Place) -> Node | None:
    if isinstance(node, Div) and isinstance(node.below, Num | x.Size):
        return node.above
    if not isinstance(node, Mul):
        return None
    kept = tuple(one for one in node.factors if not _constant(one))
    return x.mul(*kept) if kept and len(kept) < len(node.factors) else None


def _constant(node: Node) -> bool:
    return isinstance(node, Num | x.Size) or (isinstance(node, Div) and _constant(node.above) and _constant(node.below))


# --- derivatives ----------------------------------------------------------------------------------------------------


def slopes(node: Node) -> bool:
    """Whether a node is a σ′."""
    if isinstance(node, Diag):
        return slopes(node.body)
    if isinstance(node, D):
        return (node.of.role, node.by.role) == ("a", "z")
    return isinstance(node, Slope) or (isinstance(node, Tag) and node.kind == "slope")


def _without(node: Mul | Had, n: int) -> Node:
    rest = (*node.factors[:n], *node.factors[n + 1 :])
    return type(node)(rest) if len(rest) > 1 else rest[0]


def _slope_dropped(node: Node, p: Place) -> Node | None:
    places = [n for n, one in enumerate(node.factors) if slopes(one)] if isinstance(node, Mul | Had) else []
    return _without(node, p.rng.choice(places)) if places else None


def _slope_doubled(node: Node, p: Place) -> Node | None:
    if isinstance(node, Tag) and node.kind == "output" and node.layer is not None and isinstance(node.body, Add):
        a = next(one for one in x.references(node) if one.role == "a")
        slope = Slope(node.layer, Ref("z", a.layer, a.at))
        soft = p.net is not None and p.net.activations[-1][0] == "softmax"
        return None if soft else x.mul(node, slope) if a.at else Had((node, slope))
    if not isinstance(node, Mul | Had):
        return None
    places = [n for n, one in enumerate(node.factors) if slopes(one)]
    n = p.rng.choice(places) if places else 0
    return type(node)((*node.factors[: n + 1], node.factors[n], *node.factors[n + 1 :])) if places else None


def _slope_argument(node: Node, p: Place) -> Node | None:
    if isinstance(node, Slope) and isinstance(node.arg, Ref) and node.arg.role == "z":
        return Slope(node.layer, replace(node.arg, role="a"))
    return None


def _prime_dropped(node: Node, p: Place) -> Node | None:
    return x.Act(node.layer, node.arg) if isinstance(node, Slope) else None


def _other_slope(node: Node, p: Place) -> Node | None:
    if not slopes(node) or p.net is None or isinstance(node, D | Diag):
        return None
    assert isinstance(node, Slope | Tag)
    layer = node.layer
    refs = [one for one in x.references(node) if one.role in ("z", "a")]
    if layer is None or layer.letter or not refs or not 1 <= layer.offset <= p.net.depth:
        return None  # a mistake made before may have moved the layer off the network
    own = p.net.activations[layer.offset - 1][0]
    name = p.rng.choice([one for one in ("sigmoid", "tanh", "relu", "softplus") if one != own])
    where = refs[0]
    form = p.rng.choice(SLOPES[name])(
        replace(where, role="z"), replace(where, role="a"), constants(p.net, layer.offset)
    )
    found = form if where.at else lifted(form)
    return Tag("slope", found, layer) if found is not None else None


def _square_lost(node: Node, p: Place) -> Node | None:
    return node.base if isinstance(node, x.Pow) and node.exponent == 2 else None


def _adjoint_for_error(node: Node, p: Place) -> Node | None:
    role = {"a": "z", "z": "a"}.get(node.by.role) if isinstance(node, D) and node.of.role == "E" else None
    if role is None or not isinstance(node, D) or node.by.layer in (None, Layer("", 0)):
        return None
    return replace(node, by=replace(node.by, role=role))


# --- arrays ---------------------------------------------------------------------------------------------------------


def _matrix(node: Node) -> bool:
    return isinstance(node, Ref) and not node.at and (node.role in ("W", "Wbar") or node.role.isupper())


def _transpose_dropped(node: Node, p: Place) -> Node | None:
    return node.body if isinstance(node, Tr) else None


def _transpose_added(node: Node, p: Place) -> Node | None:
    if isinstance(node, Mul) and array(node):
        places = [n for n, one in enumerate(node.factors) if _matrix(one)]
        if places:
            n = p.rng.choice(places)
            return Mul((*node.factors[:n], Tr(node.factors[n]), *node.factors[n + 1 :]))
    return Tr(node) if p.whole and _matrix(node) else None


def _order(node: Node, p: Place) -> Node | None:
    if not isinstance(node, Mul):
        return None
    places = [n for n in range(len(node.factors) - 1) if all(array(one) for one in node.factors[n : n + 2])]
    if not places:
        return None
    n = p.rng.choice(places)
    return Mul((*node.factors[:n], node.factors[n + 1], node.factors[n], *node.factors[n + 2 :]))


def _outer_swapped(node: Node, p: Place) -> Node | None:
    if isinstance(node, Mul) and len(node.factors) == 2 and isinstance(node.factors[1], Tr):
        return Mul((node.factors[1].body, Tr(node.factors[0])))
    return None


def _product_for_elementwise(node: Node, p: Place) -> Node | None:
    return Mul(node.factors) if isinstance(node, Had) else None


def _elementwise_for_product(node: Node, p: Place) -> Node | None:
    if not (isinstance(node, Mul) and len(node.factors) == 2 and all(array(one) for one in node.factors)):
        return None
    left, right = node.factors
    return Had((left, right.body if isinstance(right, Tr) else right))


# --- indices and layers ---------------------------------------------------------------------------------------------


def _index_swapped(node: Node, p: Place) -> Node | None:
    if isinstance(node, Ref) and len(node.at) == 2 and node.at[0] != node.at[1]:
        return replace(node, at=node.at[::-1])
    return None


def _index_renamed(node: Node, p: Place) -> Node | None:
    if not isinstance(node, Ref) or not node.at:
        return None
    n = p.rng.randrange(len(node.at))
    new = p.other(p.letters, node.at[n]) if isinstance(node.at[n], str) else None
    return replace(node, at=(*node.at[:n], new, *node.at[n + 1 :])) if new else None


def _index_off(node: Node, p: Place) -> Node | None:
    if not isinstance(node, Ref) or not node.at:
        return None
    n = p.rng.randrange(len(node.at))
    old = node.at[n]
    if isinstance(old, str):
        return None
    new = old + p.rng.choice((1, -1))
    return replace(node, at=(*node.at[:n], new, *node.at[n + 1 :])) if new > 0 else None


def _layer_off(node: Node, p: Place) -> Node | None:
    by = p.rng.choice((1, -1))
    if isinstance(node, Slope) and isinstance(node.arg, Ref) and node.arg.layer:
        return Slope(node.layer.moved(by), replace(node.arg, layer=node.arg.layer.moved(by)))
    if not isinstance(node, Ref) or node.layer is None or node.role in ("y", "E"):
        return None
    moved = node.layer.moved(by)
    return replace(node, layer=moved) if moved.letter or moved.offset >= (node.role in ("a", "abar")) * -1 + 1 else None


# --- sums and factors -----------------------------------------------------------------------------------------------


def _term_dropped(node: Node, p: Place) -> Node | None:
    if not isinstance(node, Add):
        return None
    n = p.rng.randrange(len(node.terms))
    return x.add(*node.terms[:n], *node.terms[n + 1 :])


def _sum_dropped(node: Node, p: Place) -> Node | None:
    return node.body if isinstance(node, Sum) and node.letter not in p.letters else None


def _factor_missing(node: Node, p: Place) -> Node | None:
    places = [n for n, one in enumerate(node.factors) if not slopes(one) and not _constant(one)] if isinstance(
        node, Mul | Had) else []  # fmt: skip
    return _without(node, p.rng.choice(places)) if places else None


def _factor_extra(node: Node, p: Place) -> Node | None:
    refs = [one for one in x.references(node) if one.role in ("a", "z", "W", "y") and one.at]
    if not isinstance(node, Mul) or not refs or any(set(map(str, one.at)) - {*p.letters, *"123456789"} for one in refs):
        return None
    return Mul((*node.factors, p.rng.choice(refs)))


def _activation_for_argument(node: Node, p: Place) -> Node | None:
    if not isinstance(node, Ref) or node.role not in ("a", "z") or node.layer in (None, Layer("", 0)):
        return None
    return replace(node, role="z" if node.role == "a" else "a")


# --- functions ------------------------------------------------------------------------------------------------------


def _other_loss(node: Node, p: Place) -> Node | None:
    if not (isinstance(node, Tag) and node.kind == "loss") or p.net is None or node.layer is None:
        return None
    refs = list(x.references(node))
    a, y = (next((one for one in refs if one.role == role), None) for role in ("a", "y"))
    if a is None or y is None or p.net.loss == "cosine":
        return None
    simple = ("half-squared-error", "squared-error", "mse", "l1", "log-cosh", "binary-cross-entropy", "cross-entropy")
    name = p.rng.choice([one for one in simple if one != p.net.loss])
    form = LOSS_SLOPES[name][0](a, y, x.Size(node.layer))
    found = form if a.at else lifted(form)
    return Tag("loss", found, node.layer) if found is not None else None


def _function_lost(node: Node, p: Place) -> Node | None:
    return node.arg if isinstance(node, Fn) and node.name in ("tanh", "sign", "log", "abs", "exp") else None


def _turned_over(node: Node, p: Place) -> Node | None:
    return Div(node.below, node.above) if isinstance(node, Div) and not _constant(node) else None


def _kron_lost(node: Node, p: Place) -> Node | None:
    return x.ONE if isinstance(node, x.Kron) else None


PART = ("missing-term", "missing-derivative", "other")

MISTAKES = (
    Mistake("sign of a term", ("sign", "target-sign"), _sign_of_term, 1),
    Mistake("sign", ("sign", "target-sign"), _sign, 1),
    Mistake("target sign", ("target-sign", "sign"), _target_sign, 4),
    Mistake("factor", ("factor", "wrong-function"), _factor, 1),
    Mistake("factor dropped", ("factor", "wrong-function"), _factor_dropped),
    Mistake("slope dropped", ("missing-derivative",), _slope_dropped),
    Mistake("slope doubled", ("extra-derivative", "wrong-function"), _slope_doubled),
    Mistake("slope of a", ("derivative-argument",), _slope_argument),
    Mistake("prime dropped", ("missing-derivative", "wrong-function", "other"), _prime_dropped),
    Mistake("other slope", ("wrong-function", "derivative-argument", "other"), _other_slope),
    Mistake("square lost", ("wrong-function", "other", "missing-term"), _square_lost),
    Mistake("adjoint for error", ("missing-derivative", "extra-derivative"), _adjoint_for_error),
    Mistake("transpose dropped", ("transpose", "shape", "order"), _transpose_dropped),
    Mistake("transpose added", ("transpose", "shape", "order"), _transpose_added),
    Mistake("order", ("order", "shape", "transpose"), _order),
    Mistake("outer swapped", ("transpose", "order", "shape"), _outer_swapped),
    Mistake("product for elementwise", ("product-kind", "shape", "order"), _product_for_elementwise),
    Mistake("elementwise for product", ("product-kind", "shape", "transpose"), _elementwise_for_product),
    Mistake("index swapped", ("index", "transpose", "shape"), _index_swapped),
    Mistake("index renamed", ("index", "shape", "missing-sum"), _index_renamed),
    Mistake("index off by one", ("index", "shape", "layer"), _index_off),
    Mistake("layer off by one", ("layer", "shape", "index", "derivative-argument"), _layer_off),
    Mistake(
        "term dropped", ("missing-term", "missing-sum", "missing-derivative", "other", "wrong-function"), _term_dropped
    ),
    Mistake("sum dropped", ("missing-sum", "index"), _sum_dropped),
    Mistake("factor missing", (*PART, "missing-sum"), _factor_missing),
    Mistake("factor extra", ("other", "index", "extra-derivative", "shape"), _factor_extra),
    Mistake("a for z", ("other", "wrong-function", "derivative-argument", "layer"), _activation_for_argument),
    Mistake("other loss", ("wrong-function", "factor", "other"), _other_loss),
    Mistake("function lost", ("wrong-function", "other", "missing-derivative"), _function_lost),
    Mistake("turned over", ("other", "wrong-function", "factor", "sign"), _turned_over),
    Mistake("kronecker lost", ("other", "missing-term", "index"), _kron_lost),
)
RANGES = ("index off by one", "layer off by one", "index swapped", "index renamed")
"""Mistakes that may name a layer or an index that does not exist, which `auto` takes for another notation."""
