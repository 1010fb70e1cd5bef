r"""How many axes a letter has that is written without indices and whose shape nobody stated.

Capitals are matrices, small letters vectors, Greek letters numbers, if the definitions fit so; else what is nearest to
that and fits.  Where nothing in the text speaks of whole arrays (no transpose, no norm, no trace, no bold letter, …)
every such letter is a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.given import SCALAR_FUNCTIONS
from verify.meaning.indices import bound_by, letter_of
from verify.meaning.parts import word_of
from verify.meaning.roles import spelling
from verify.programs.functions import CONSTANTS
from verify.programs.text import Text

_WHOLE = frozenset(
    ("layernorm", "rmsnorm", "tr", "trace", "det", "logdet", "diag", "softmax", "logsumexp", "lse", "mean", "var",
     "sum")
)  # fmt: skip
_ENTRYWISE = (r"\odot", r"\circ", r"\otimes", r"\oslash")
MOST_TRIALS = 500

Ranks = dict[str, int]


def candidates(text: Text) -> Iterator[tuple[int, Ranks]]:
    """The ways to read the letters that have neither indices nor a shape, each with what speaks against it.

    An array of which one entry is written, x_i, may be a matrix with the rows x_i where that stands in a product.
    """
    free = _free(text)
    capital = any(letter.name[:1].isupper() or letter.bold for letter in free.values())
    speaks = any(_speaks_of_arrays(text, part, capital) for tree in text.trees for part in walk(tree))
    if not speaks and not any(name in text.names.arrays and not one.indices for name, one in text.by_name.items()):
        yield 0, {}
        return
    sure = {name for tree in text.trees for part in walk(tree) for name in _arrays(text, part)}
    divisors = {name for tree in text.trees for part in walk(tree) for name in _divisors(text, part)}
    orders = {name: _order(letter, name in sure) for name, letter in free.items()}
    orders |= {name: tuple(dict.fromkeys((0, *orders[name]))) for name in divisors & orders.keys() - sure}
    orders |= {name: (axes + 1, axes) if name in sure else (axes, axes + 1) for name, axes in _rows(text).items()}
    places = product(*(range(len(order)) for order in orders.values()))
    costs = sorted(islice(places, 200_000), key=lambda one: (sum(one), one))
    for choice in islice(costs, MOST_TRIALS):
        yield sum(choice), {name: order[at] for (name, order), at in zip(orders.items(), choice, strict=True)}


def _rows(text: Text) -> dict[str, int]:
    """Given arrays that stand in products and sums with their indices: w^T x_i, y_n - W x_n."""
    found: dict[str, int] = {}
    for tree in text.trees:
        for part in walk(tree):
            for each in _operands(part):
                one = each.body if isinstance(each, t.Negation) else each
                named = text.names.named(one) if isinstance(one, t.Scripted) else None
                if (
                    named is not None
                    and named[1]
                    and named[0] not in text.by_name
                    and named[0] not in text.names.shapes
                ):
                    found[named[0]] = text.names.arrays.get(named[0], len(named[1]))
    return {name: axes for name, axes in found.items() if axes < 3}


def _operands(node: t.Node) -> tuple[t.Node, ...]:
    if isinstance(node, t.Multiplication):
        return node.factors
    return node.terms if isinstance(node, t.Addition) else ()


def _free(text: Text) -> dict[str, t.Letter]:
    """The letters that nothing defines, without indices and shape, with how they are written."""
    found: dict[str, t.Letter] = {}
    names = text.names
    parameters = {one for definition in text.functions.values() for one in definition.parameters}
    for tree in text.trees:
        for part in walk(tree):
            named = names.named(part) if isinstance(part, t.Letter | t.Scripted) else None
            base = part.base if isinstance(part, t.Scripted) else part
            if named is None or not isinstance(base, t.Letter) or base.name in ("1", "I") or base.word:
                continue
            name = named[0]
            known = name in text.by_name or name in names.shapes or name in names.arrays or name in names.sizes
            if known or name in text.functions or name in names.opaque or name in CONSTANTS or name in parameters:
                continue
            if name not in names.letters or not _index_only(text, name):
                found.setdefault(name, base)
                if base.bold:
                    found[name] = base
    return found


def _index_only(text: Text, name: str) -> bool:
    """Whether a letter of an index is never a quantity."""
    bound = {
        letter for tree in text.trees for part in walk(tree) if isinstance(part, t.Big) for letter in bound_by(part)
    }
    indices = {letter_of(one) for definition in text.by_name.values() for one in definition.indices}
    return name in bound or name in indices


def _order(letter: t.Letter, sure: bool) -> tuple[int, ...]:
    """The numbers of axes that a letter may have, the likeliest first."""
    name = letter.name
    if name.startswith("\\"):
        capital = len(name) > 1 and name[1].isupper()
        usual = (2, 0, 1) if capital else (1, 0, 2) if letter.bold else (0, 1, 2)
    elif name[:1].isupper():
        usual = (2, 1, 0)
    else:
        usual = (1, 0, 2)
    if sure or letter.bold:
        return tuple(one for one in (*usual, 1, 2) if one)[:2]
    return usual


def _speaks_of_arrays(text: Text, node: t.Node, capital: bool) -> bool:
    """Whether a part of a formula is about whole arrays; a loss L(y) is, where there is a `capital` to be a matrix."""
    if isinstance(node, t.Transposed | t.InnerProduct) or (isinstance(node, t.Norm) and node.double):
        return True
    if isinstance(node, t.Scripted):
        return any(isinstance(mark, t.Transpose) for mark in node.upper)
    if isinstance(node, t.Letter):
        return node.bold or spelling(node) in text.names.shapes
    if isinstance(node, t.Multiplication):
        return node.signs[0] in _ENTRYWISE
    if isinstance(node, t.Call):
        loss = isinstance(node.function, t.Letter) and spelling(node.function) in SCALAR_FUNCTIONS & text.names.opaque
        return word_of(node.function) in _WHOLE or (
            loss and capital and all(isinstance(one, t.Letter) for one in node.arguments)
        )
    return False


def _arrays(text: Text, node: t.Node) -> Iterator[str]:
    """The letters that are arrays beyond doubt: in a norm, transposed, in an entrywise product, in a trace."""
    inside: tuple[t.Node, ...] = ()
    if isinstance(node, t.Norm) and node.double:
        inside = (node.body,)
    elif isinstance(node, t.Scripted) and any(isinstance(mark, t.Transpose) for mark in node.upper):
        inside = (node,)
    elif isinstance(node, t.InnerProduct):
        inside = (node.left, node.right)
    elif isinstance(node, t.Multiplication) and node.signs[0] in _ENTRYWISE:
        inside = node.factors
    elif isinstance(node, t.Call) and word_of(node.function) in _WHOLE:
        inside = node.arguments
    elif isinstance(node, t.Transposed):
        inside = (node.base,)
    for one in inside:
        for part in _summands(one):
            named = text.names.named(part) if isinstance(part, t.Letter | t.Scripted) else None
            if named is not None:
                yield named[0]


def _summands(node: t.Node) -> Iterator[t.Node]:
    """The terms of a sum, without signs and brackets: x_i and μ of (x_i - \\mu)^T."""
    if isinstance(node, t.Bracket) and len(node.items) == 1:
        yield from _summands(node.items[0])
    elif isinstance(node, t.Addition):
        for term in node.terms:
            yield from _summands(term)
    else:
        yield node.body if isinstance(node, t.Negation) else node


def _divisors(text: Text, node: t.Node) -> Iterator[str]:
    """The letters that something is divided by: numbers, if that fits."""
    if isinstance(node, t.Fraction):
        below = node.below.factors if isinstance(node.below, t.Multiplication) else (node.below,)
        for one in below:
            named = text.names.named(one) if isinstance(one, t.Letter | t.Scripted) else None
            if named is not None:
                yield named[0]
