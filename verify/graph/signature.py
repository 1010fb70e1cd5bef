r"""The probabilistic judge: a formula evaluated in a prime field, where every number is exact and large ones are cheap.

Atoms become random elements of 𝔽_p.  An exponential e^(Σ c_i m_i), with rational c_i and Laurent monomials m_i in
atoms, becomes g^(Σ c_i ρ_i mod q), where q is a prime with q | p − 1, g has order q, and each ρ_i is random.  Every
other function is a random element that depends on its name and the values of its arguments alone, so that equal
arguments give equal values.  Sums, products and quotients are kept, so that a formula that is 0 as a quotient of
polynomials in these unknowns is always 0 here (Gonnet 1984, Determining equivalence of expressions in random
polynomial time; the exponentials after Li, Wu, arXiv 2506.04529).

`zero` is True, with an `error_bound`, by this theorem.  The formula is N/D with polynomials N, D over ℤ in the unknowns
(for each m_i the unknown is e^(m_i/d), d clearing the denominators of its c_i).  Let N ≠ 0.  Its coefficients are at
most ‖N‖₁ in size; if ‖N‖₁ < p, one of them is not 0 in 𝔽_p.  Then N vanishes with probability at most deg N / q at a
point whose coordinates are drawn independently from sets of at least q elements (Schwartz 1980, Fast probabilistic
algorithms for verification of polynomial identities, Lemma 1; the powers of g are such a set).  Two different arguments
of one function take the same value with a probability bounded likewise, which is added.  Degrees and ‖·‖₁ are bounded
over the graph, each part once.  Probability is over the point; the same formula always meets the same point.

`zero` is False where the value is not 0 and the unknowns are algebraically independent: atoms, opaque functions, and
exponentials of monomials that are linearly independent over ℚ (Ax 1971, On Schanuel's conjectures, Theorem 3).  A
logarithm, an erf, a root, a choice or a nested exponential has relations to others, and π may have some to e: then it
is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import shake_256
from typing import Any, NamedTuple

from verify.graph.errors import Undefined, circular
from verify.graph.linear import Exponents, Form
from verify.graph.nodes import Graph, Node, TooLarge
from verify.graph.sizes import Size, Sizes

LARGE = "0 in the field, but the coefficients may be too large for a bound to hold"
MOST_DRAWS = 3
LARGEST_BOUND = 1e-12
MOST_VISITED = 1_000_000
MOST_EXPONENTIALS = 5_000
Behind = Callable[[Node], Node | None]


class Order(NamedTuple):
    """Nodes, parts first; for each the places of its parts; and the place of each node."""

    nodes: list[Node]
    parts: list[tuple[int, ...]]
    places: dict[Node, int]


@dataclass(frozen=True)
class Field:
    """𝔽_p with p = k q + 1, and the order q of the powers of g = 2^k."""

    q: int
    k: int

    @property
    def p(self) -> int:
        """The field's size."""
        return self.k * self.q + 1

    @property
    def g(self) -> int:
        """An element of order q."""
        return pow(2, self.k, self.p)


FIELDS = (Field(2**250 + 25, 48), Field(2**1200 + 1515, 1222))
"""The larger one serves where coefficients may be too large for the smaller."""


@dataclass(frozen=True)
class Verdict:
    """Whether all nodes are 0: True up to `error_bound`, False certainly, or None, for a `reason`."""

    zero: bool | None
    error_bound: float | None = None
    reason: str = ""


def signature(
    nodes: Node | Iterable[Node],
    *,
    behind: Behind | None = None,
    facts: Mapping[Node, Node] | None = None,
    seed: int = 1,
) -> Verdict:
    """Whether the nodes are 0.  `behind` and `facts` are those of `NormalForm`.  Raises nothing for want of a value."""
    asked = [nodes] if isinstance(nodes, Node) else list(nodes)
    if not asked:
        return Verdict(True, 0.0)
    replaced = _replacing(asked[0].graph, behind, facts or {})
    try:
        order = _in_order(asked, replaced)
        outcome = Verdict(None)
        for field in FIELDS:
            outcome = _judged(asked, order, field, seed)
            if outcome.reason != LARGE:
                break
    except (Undefined, TooLarge) as problem:
        return Verdict(None, reason=str(problem))
    return outcome


def _replacing(graph: Graph, behind: Behind | None, facts: Mapping[Node, Node]) -> Behind:
    def replaced(node: Node) -> Node | None:
        if node.kind not in ("atom", "named"):
            return None
        fact = facts.get(node)
        if fact is not None:
            return fact
        if behind is not None:
            return behind(node)
        return graph.body(node) if node.kind == "named" else None

    return replaced


def _in_order(asked: Sequence[Node], replaced: Behind) -> Order:
    """Every node that the asked ones are made of; raises `Undefined` where one is made of itself."""
    order = Order([], [], {})
    opened: dict[Node, tuple[Node, ...]] = {}
    places = order.places
    stack = list(reversed(asked))
    while stack:
        node = stack[-1]
        if node in places:
            stack.pop()
            continue
        parts = opened.get(node)
        if parts is None:
            other = replaced(node) if node.kind in ("atom", "named") else None
            parts = opened[node] = node.args if other is None else (other,)
            missing = [part for part in parts if part not in places]
            if missing:
                if any(part in opened for part in missing):
                    raise Undefined(circular((node, *missing)))
                stack += missing
                continue
        stack.pop()
        places[node] = len(order.nodes)
        order.nodes.append(node)
        order.parts.append(tuple(places[part] for part in parts))
        if len(places) > MOST_VISITED:
            raise TooLarge(f"the formula has more than {MOST_VISITED:,} parts")
    return order


class _Point:
    """One point of the field, and the values of the nodes there, in order."""

    def __init__(self, field: Field, seed: str, order: Order) -> None:
        self.field, self.seed = field, seed
        self.values: list[int] = []
        self.forms: dict[Node, Form] = {}
        self.unknowns: dict[tuple[Any, ...], list[int]] = {}
        self.foreign = False
        self._p, self._g = field.p, field.g
        self._exponents = Exponents(order.nodes, order.parts, order.places, self.values)
        values = self.values
        for node, parts in zip(order.nodes, order.parts, strict=True):
            values.append(self._value(node, [values[part] for part in parts]))
        self.leaves = [order.places[leaf] for leaf in self._exponents.unknowns]
        self.foreign = self.foreign or any(leaf.kind != "opaque" for leaf in self._exponents.unknowns)

    def drawn(self, key: object, below: int) -> int:
        """A number below a bound that depends on the key and the seed alone, uniform but for 2^-64."""
        text = f"{self.seed}|{key}".encode()
        return int.from_bytes(shake_256(text).digest(below.bit_length() // 8 + 9), "big") % below

    def _value(self, node: Node, parts: list[int]) -> int:
        p = self._p
        match node.kind:
            case "sum":
                return sum(parts) % p
            case "product":
                result = parts[0]
                for part in parts[1:]:
                    result = result * part % p
                return result
            case "number":
                return self._fraction(node.value, p)
            case "power":
                if node.value < 0 and not parts[0]:
                    raise Undefined("a division by zero in the field")
                return pow(parts[0], node.value, p)
            case "atom" | "named" | "pi":
                return parts[0] if parts else self.drawn(node.number, p)
        if node.kind == "function" and node.value == "exp":
            return self._exponential(node)
        self.foreign = self.foreign or node.kind != "opaque"
        self.unknowns.setdefault((node.kind, node.value, len(parts)), []).append(len(self.values))
        return self.drawn((node.kind, node.value, parts), p)

    def _fraction(self, value: Any, modulus: int) -> int:
        if value.denominator == 1:
            return int(value.numerator) % modulus
        if not value.denominator % modulus:
            raise Undefined("a denominator that is 0 in the field")
        return int(value.numerator) * pow(value.denominator, -1, modulus) % modulus

    def _exponential(self, node: Node) -> int:
        if len(self.forms) == MOST_EXPONENTIALS:
            raise TooLarge(f"the formula has more than {MOST_EXPONENTIALS:,} exponentials")
        form = self.forms[node] = self._exponents.of(node.args[0])
        q = self.field.q
        terms = (self._fraction(c, q) * self.drawn(("exp", monomial), q) for monomial, c in form.items())
        return pow(self._g, sum(terms) % q, self._p)


def _judged(asked: Sequence[Node], order: Order, field: Field, seed: int) -> Verdict:
    """The verdict in one field, at the first point where every part has a value."""
    for draw in range(MOST_DRAWS):
        try:
            point = _Point(field, f"{seed}.{draw}", order)
        except Undefined:
            if draw + 1 == MOST_DRAWS:
                raise
            continue
        if any(point.values[order.places[node]] for node in asked):
            return _different(point, order)
        return _equal(point, asked, order, field)
    raise AssertionError("the loop returns or raises")


def _different(point: _Point, order: Order) -> Verdict:
    if point.foreign:
        return Verdict(None, reason="the field does not know all functions of the formula")
    pi = {("node", node.number) for node in order.nodes if node.kind == "pi"}
    monomials = {monomial for form in point.forms.values() for monomial in form}
    constants = [monomial for monomial in monomials if pi.issuperset(unknown for unknown, _ in monomial)]
    if len(constants) + len(pi) > 1:
        return Verdict(None, reason="whether π and e have a relation is not known")
    return Verdict(False)


def _equal(point: _Point, asked: Sequence[Node], order: Order, field: Field) -> Verdict:
    """True with its bound, where the theorem's conditions hold."""
    sizes = Sizes(point.forms)
    found: list[Size] = []
    for node, parts in zip(order.nodes, order.parts, strict=True):
        found.append(sizes.of(node, [found[part] for part in parts], point.forms.get(node)))
    ends = [found[order.places[node]] for node in asked]
    coincidences = [
        _collisions([[found[part] for part in order.parts[place]] for place in group], sizes)
        for group in point.unknowns.values()
    ]
    coincidences.append(_collisions([[found[place]] for place in point.leaves], sizes))
    degree = sum(size.degree for size in ends) + sum(more for more, _ in coincidences)
    bits = max(max(size.bits for size in ends), max(most for _, most in coincidences))
    if bits > field.p.bit_length() - 2:
        return Verdict(None, reason=LARGE)
    bound = MOST_DRAWS * degree / field.q
    return (
        Verdict(True, bound) if bound < LARGEST_BOUND else Verdict(None, reason="the degree is too large for a bound")
    )


def _collisions(arguments: Sequence[Sequence[Size]], sizes: Sizes) -> tuple[int, float]:
    """A degree that bounds all coincidences of arguments of one function, and the largest coefficients' bits."""
    count = len(arguments) * (len(arguments) - 1) // 2
    if not count:
        return 0, 0.0
    degree, bits = 0, 0.0
    for each in arguments:
        for size in each:
            below = sizes.below(size.below)
            degree, bits = max(degree, size.degree + below[0]), max(bits, size.bits + below[1])
    return 2 * degree * count, 2 * bits + 1
