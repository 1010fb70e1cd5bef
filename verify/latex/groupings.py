r"""Other ways to read the same signs: how products group, and how far an operator reaches.

    groupings   W^T \delta \odot s   →  (W^T \delta) \odot s, and W^T (\delta \odot s)
    extents     \log a b             →  \log(a b), and (\log a) b;      1/2 x  →  (1/2) x, and 1/(2 x)

The tree itself comes first: it is the reading that the contract names.  Groups that are not the first reading stand in
a `Bracket`.  Nothing is chosen here: whoever knows the shapes takes the one that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, pairwise, product

from verify.latex.tree import (
    TIGHT,
    Big,
    Bracket,
    Call,
    Derivative,
    Fraction,
    Multiplication,
    Node,
    Sign,
    juxtaposed,
)
from verify.latex.walk import children, mapped

MOST = 64
MOST_FACTORS = 12


def groupings(node: Node, most: int = MOST) -> Iterator[Node]:
    r"""The tree, and the trees in which products with \odot, \otimes … group otherwise; at most `most`."""
    return iter(_variants(node, _regrouped, most))


def extents(node: Node, most: int = MOST) -> Iterator[Node]:
    """The tree, and those in which functions, slashes, sums and derivatives reach less or more far; at most `most`."""
    return iter(_variants(node, _reaching, most))


def _variants(node: Node, local: Callable[[Node], Iterator[Node]], most: int) -> list[Node]:
    """All trees in which each node is one of its `local` alternatives, the node itself first, without repetition."""
    below = [_variants(one, local, most) for one in children(node)]
    if all(len(one) == 1 for one in below):
        bases = [node]
    else:
        bases = [_with_children(node, chosen) for chosen in islice(product(*below), most)]
    found = dict.fromkeys(bases)
    for base in bases:
        found |= dict.fromkeys(islice(local(base), most))
        if len(found) >= most:
            break
    return list(islice(found, most))


def _with_children(node: Node, chosen: tuple[Node, ...]) -> Node:
    news = iter(chosen)
    return mapped(node, lambda one: next(news))


# --- products -------------------------------------------------------------------------------------------------------


def _kind(sign: Sign) -> int:
    """Signs that group among themselves alike: juxtaposition, entry by entry, outer."""
    return 0 if sign in TIGHT else 2 if sign == r"\otimes" else 1


def _regrouped(node: Node) -> Iterator[Node]:
    """The other groupings of one chain."""
    if not isinstance(node, Multiplication) or node.tight:
        return
    factors, signs = _flat(node)
    if len(factors) > MOST_FACTORS or len({_kind(sign) for sign in signs}) < 2:
        return
    yield from _Chain(factors, signs).all()


def _flat(node: Multiplication) -> tuple[list[Node], list[Sign]]:
    """All factors of a chain and of the tight products in it."""
    factors: list[Node] = []
    signs: list[Sign] = []
    for one, sign in zip(node.factors, ("", *node.signs), strict=True):
        signs += [sign] if factors else []
        inner = isinstance(one, Multiplication) and one.tight
        factors += one.factors if isinstance(one, Multiplication) and inner else [one]
        signs += one.signs if isinstance(one, Multiplication) and inner else []
    return factors, signs


class _Chain:
    """The groupings of a chain: an interval is split at all signs of one kind, into parts of other kinds."""

    def __init__(self, factors: list[Node], signs: list[Sign]) -> None:
        self.factors = factors
        self.signs = signs
        self.known: dict[tuple[int, int], list[tuple[int, Node]]] = {}

    def all(self) -> Iterator[Node]:
        """Every grouping of the whole chain."""
        yield from (tree for _, tree in self._trees(0, len(self.factors)))

    def _trees(self, start: int, stop: int) -> list[tuple[int, Node]]:
        """The groupings of an interval, each with the kind of its outermost signs (-1 for a single factor)."""
        if stop - start == 1:
            return [(-1, self.factors[start])]
        if (start, stop) not in self.known:
            kinds = sorted({_kind(sign) for sign in self.signs[start : stop - 1]}, reverse=True)
            found = [(kind, tree) for kind in kinds for tree in islice(self._split(start, stop, kind, start), MOST)]
            self.known[start, stop] = found
        return self.known[start, stop]

    def _split(self, start: int, stop: int, kind: int, first: int) -> Iterator[Node]:
        """The groupings whose outermost signs are of one kind."""
        places = [place for place in range(start, stop - 1) if _kind(self.signs[place]) == kind]
        for chosen in range(1, 2 ** len(places)):
            cuts = [place for number, place in enumerate(places) if chosen >> number & 1]
            edges = [start, *(place + 1 for place in cuts), stop]
            options = [[tree for other, tree in self._trees(a, b) if other != kind] for a, b in pairwise(edges)]
            for parts in islice(product(*options), MOST):
                yield self._joined(parts, tuple(self.signs[place] for place in cuts))

    def _joined(self, parts: tuple[Node, ...], signs: tuple[Sign, ...]) -> Node:
        """Parts with signs between them, in brackets where they would be read otherwise."""
        factors: list[Node] = []
        between: list[Sign] = []
        for number, part in enumerate(parts):
            between += [signs[number - 1]] if number else []
            if not isinstance(part, Multiplication) or (part.tight and signs[0] not in TIGHT):
                factors.append(part)
            elif number == 0 and not part.tight and signs[0] not in TIGHT:
                factors += part.factors
                between += part.signs
            else:
                factors.append(Bracket("(", (part,), span=part.span))
        span = (parts[0].span[0], parts[-1].span[1])
        return Multiplication(tuple(factors), tuple(between), span=span)


# --- reach ----------------------------------------------------------------------------------------------------------


def _reaching(node: Node) -> Iterator[Node]:
    """The other reaches of what stands in one product."""
    factors = node.factors if isinstance(node, Multiplication) and node.tight else (node,)
    signs = node.signs if isinstance(node, Multiplication) and node.tight else ()
    for place, factor in enumerate(factors):
        inner = _reached(factor)
        if not inner:
            continue
        run = place + 1
        while run < len(factors) and signs[run - 1] == "":
            run += 1
        line = (*inner, *factors[place + 1 : run])
        for length in _lengths(factor, line):
            if length != len(inner):
                span = (line[0].span[0], line[length - 1].span[1])
                less = _reach(factor, juxtaposed(line[:length], span), last=length == len(line))
                news = (*factors[:place], less, *line[length:], *factors[run:])
                apart: tuple[Sign, ...] = tuple("" for _ in line[length:])
                between = (*signs[:place], *apart, *signs[run - 1 :])
                yield Multiplication(news, between, span=node.span) if between else less


def _reached(node: Node) -> tuple[Node, ...]:
    """The factors that an operator reaches; none for what is no operator."""
    if isinstance(node, Call) and not isinstance(node.argument, Bracket):
        inner = node.argument
    elif isinstance(node, Derivative) and node.style in ("operator", "nabla", "subscript"):
        inner = node.operand
    elif isinstance(node, Fraction) and node.slash:
        inner = node.below
    elif isinstance(node, Big):
        inner = node.body
    else:
        return ()
    return inner.factors if isinstance(inner, Multiplication) and set(inner.signs) == {""} else (inner,)


def _lengths(node: Node, line: tuple[Node, ...]) -> Iterator[int]:
    """How many factors may be reached: a sum may end in front of a bracket only."""
    for length in range(1, len(line) + 1):
        if not isinstance(node, Big) or length == len(line) or isinstance(line[length], Bracket):
            yield length


def _reach(node: Node, inner: Node, *, last: bool) -> Node:
    """The operator over other factors, in brackets where it would be read otherwise."""
    span = (node.span[0], max(inner.span[1], node.span[0]))
    held = Bracket("(", (inner,), span=inner.span) if isinstance(inner, Multiplication) else inner
    if isinstance(node, Call):
        return replace(node, argument=held, span=span)
    if isinstance(node, Fraction):
        return replace(node, below=held, span=span)
    if isinstance(node, Derivative) and node.style != "operator":
        return replace(node, operand=held, span=span)
    if isinstance(node, Derivative):
        return _alone(replace(node, operand=held, span=span), last or isinstance(held, Bracket))
    assert isinstance(node, Big)
    return _alone(replace(node, body=inner, span=span), last)


def _alone(node: Node, whole: bool) -> Node:
    """An operator that ends in front of what it could reach stands in brackets."""
    return node if whole else Bracket("(", (node,), span=node.span)
