r"""Rewrites for whoever knows the roles: applications, names of several letters, index lists, exponentials.

resolved     a(1 - a)    →  a call of a, or the product a · (1 - a), as the roles say
joined       d z^{[2]}   →  the letter dz with its scripts;  n e t_j  →  net_j
splits       _{jk}       →  (j, k);  _{12} in two slots  →  (1, 2)
exponent_of  e^{x}       →  x
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from itertools import combinations, pairwise

from verify.latex.attach import attached
from verify.latex.tree import (
    Addition,
    Applied,
    Call,
    Derivative,
    Fraction,
    Letter,
    Multiplication,
    Negation,
    Node,
    Number,
    Power,
    Raised,
    Script,
    Scripted,
    Sign,
    Span,
    juxtaposed,
)
from verify.latex.walk import mapped

# --- applications ---------------------------------------------------------------------------------------------------


def call_of(node: Applied) -> Node:
    """The application read as a call: f(x)² is (f(x))²."""
    call = Call(node.head, node.bracket, span=(node.span[0], node.bracket.span[1]))
    return attached(call, node.lower, node.upper, node.span)


def factors_of(node: Applied) -> tuple[Node, Node]:
    """The application read as a product: a(1 - a)² is a · (1 - a)²."""
    return node.head, attached(node.bracket, node.lower, node.upper, (node.bracket.span[0], node.span[1]))


def resolved(node: Node, applies: Callable[[Node], bool]) -> Node:
    """The tree without `Applied`: a call where `applies(head)`, else a product, joined to the product it stands in.

    What binds tightly to a letter binds to the letter alone if that is no function: \\log a(1 - a) is (log a)(1 - a),
    \\nabla_a C(a - y) is (∇_a C)(a - y), and 1/a(1 - a) is (1/a)(1 - a).
    """

    def change(one: Node) -> Node:
        return resolved(one, applies)

    if isinstance(node, Applied):
        called = applies(node.head)
        plain = mapped(node, change)
        assert isinstance(plain, Applied)
        return call_of(plain) if called else product(factors_of(plain), node.span)
    loose = _split(node, applies, change)
    if loose is not None:
        return loose
    node = mapped(node, change)
    return _spliced(node) if isinstance(node, Multiplication) and node.tight else node


def _split(node: Node, applies: Callable[[Node], bool], change: Callable[[Node], Node]) -> Node | None:
    """What binds to a letter and is followed by a bracket, taken apart; None where nothing is to be taken apart."""
    field = _BINDERS.get(type(node), "")
    if not field or (isinstance(node, Derivative) and node.style not in ("nabla", "subscript")):
        return None
    inner = getattr(node, field)
    *before, last = inner.factors if isinstance(inner, Multiplication) and inner.tight else (inner,)
    if not isinstance(last, Applied) or applies(last.head) or (isinstance(node, Fraction) and not node.slash):
        return None
    head, rest = factors_of(last)
    kept = product((*before, head), (inner.span[0], head.span[1]))
    tight = replace(node, span=(node.span[0], head.span[1]), **{field: kept})
    return _spliced(Multiplication((change(tight), change(rest)), ("",), span=node.span))


_BINDERS: dict[type, str] = {Call: "argument", Derivative: "operand", Fraction: "below"}


def product(factors: tuple[Node, ...], span: Span) -> Node:
    """Juxtaposed factors as one node, with products among them taken apart."""
    node = juxtaposed(factors, span)
    return _spliced(node) if isinstance(node, Multiplication) else node


def _spliced(node: Multiplication) -> Multiplication:
    """A product whose factors are no products of the same kind."""
    if not any(isinstance(one, Multiplication) and one.tight == node.tight for one in node.factors):
        return node
    factors: list[Node] = []
    signs: list[Sign] = []
    for one, sign in zip(node.factors, ("", *node.signs), strict=True):
        signs += [sign] if factors else []
        same = isinstance(one, Multiplication) and one.tight == node.tight
        factors += one.factors if isinstance(one, Multiplication) and same else [one]
        signs += one.signs if isinstance(one, Multiplication) and same else []
    return Multiplication(tuple(factors), tuple(signs), span=node.span)


# --- names of several letters ---------------------------------------------------------------------------------------


def joined(node: Node, names: Set[str]) -> Node:
    """The tree with juxtaposed letters made one where together they spell one of `names`, the longest first."""
    node = mapped(node, lambda one: joined(one, names))
    if not isinstance(node, Multiplication) or not node.tight:
        return node
    factors, signs = list(node.factors), list(node.signs)
    _join_slashes(factors, signs, names)
    at = 0
    while at < len(factors) - 1:
        run = _run(factors, signs, at, names)
        if run > 1:
            factors[at : at + run] = [_one(factors[at : at + run])]
            del signs[at : at + run - 1]
        at += 1
    return Multiplication(tuple(factors), tuple(signs), span=node.span) if signs else factors[0]


def _join_slashes(factors: list[Node], signs: list[Sign], names: Set[str]) -> None:
    """∂E/∂n followed by e t_j becomes ∂E/∂net_j."""
    for at, factor in enumerate(factors):
        if not isinstance(factor, Derivative) or factor.style != "slash" or at >= len(signs) or signs[at] != "":
            continue
        last = factor.by[-1]
        line = [last.variable, *factors[at + 1 :]]
        run = _run(line, signs[at:], 0, names)
        if run > 1 and last.times is None:
            variable = _one(line[:run])
            by = (*factor.by[:-1], replace(last, variable=variable, span=variable.span))
            factors[at] = replace(factor, by=by, span=(factor.span[0], variable.span[1]))
            del factors[at + 1 : at + run], signs[at : at + run - 1]
            return


def _run(factors: list[Node], signs: list[Sign], at: int, names: Set[str]) -> int:
    """How many factors from a place on spell a name."""
    spelled, best = "", 0
    longest = max(map(len, names), default=0)
    for count, factor in enumerate(factors[at:], 1):
        letter = _letter_of(factor)
        if letter is None or (count > 1 and signs[at + count - 2] != ""):
            break
        spelled += letter.name
        if spelled in names:
            best = count
        if len(spelled) > longest or not isinstance(factor, Letter) or factor.font or factor.accents:
            break
    return best


def _letter_of(node: Node) -> Letter | None:
    """The letter that a factor begins with."""
    if isinstance(node, Applied):
        return _letter_of(node.head)
    if isinstance(node, Scripted) and not (node.left_upper or node.left_lower):
        return _letter_of(node.base)
    return node if isinstance(node, Letter) else None


def _one(run: list[Node]) -> Node:
    """The last factor, with its letter made the whole name."""
    start = run[0].span[0]
    front = "".join(one.name for one in run[:-1] if isinstance(one, Letter))

    def renamed(node: Node) -> Node:
        span = (start, node.span[1])
        if isinstance(node, Applied):
            return replace(node, head=renamed(node.head), span=span)
        if isinstance(node, Scripted):
            return replace(node, base=renamed(node.base), span=span)
        assert isinstance(node, Letter)
        return replace(node, name=front + node.name, span=span)

    return renamed(run[-1])


# --- exponentials ---------------------------------------------------------------------------------------------------


def exponent_of(node: Node) -> Node | None:
    r"""The x of e^x, e^{(x)} or \mathrm{e}^x; None for anything else.  Only the roles know whether e is a letter."""
    if isinstance(node, Power):
        return node.exponent if _is_e(node.base) else None
    bare = isinstance(node, Scripted) and node.lower is None and not node.left_upper and node.left_lower is None
    if bare and isinstance(node, Scripted) and _is_e(node.base) and len(node.upper) == 1:
        mark = node.upper[0]
        return mark.body if isinstance(mark, Raised) and mark.fence == "(" else None
    return None


def _is_e(node: Node) -> bool:
    return node in (Letter("e"), Letter("e", "mathrm"))


# --- index lists ----------------------------------------------------------------------------------------------------

_Atom = tuple[str, Node]


def splits(script: Script, slots: int) -> Iterator[tuple[Node, ...]]:
    """All ways to read a lower script as this many indices: (j, k) for jk; (1, 23) and (12, 3) for 123 in two slots.

    Commas decide where they stand; else every juxtaposition, and every digit, may begin a new index.
    """
    if len(script.items) == slots:
        yield script.items
    if len(script.items) != 1 or slots < 2:
        return
    atoms = _atoms(script.items[0])
    places = [place for place in range(1, len(atoms)) if not atoms[place][0]]
    if len(atoms) > 24:
        return
    for cuts in combinations(places, slots - 1):
        edges = (0, *cuts, len(atoms))
        yield tuple(_index(atoms[a:b]) for a, b in pairwise(edges))


def _atoms(node: Node) -> list[_Atom]:
    """What is juxtaposed or added, in order, each with the sign in front of it; numbers come digit by digit."""
    if isinstance(node, Addition):
        found = []
        for number, term in enumerate(node.terms):
            (sign, first), *rest = _atoms(term)
            found += [(sign or ("+" if number else ""), first), *rest]
        return found
    if isinstance(node, Negation):
        (_, first), *rest = _atoms(node.body)
        return [("-", first), *rest]
    if isinstance(node, Multiplication) and set(node.signs) == {""}:
        return [atom for factor in node.factors for atom in _atoms(factor)]
    if isinstance(node, Number) and node.digits.isdigit():
        start = node.span[0]
        places = enumerate(node.digits, start)
        return [("", Number(digit, span=(place, place + 1))) for place, digit in places]
    return [("", node)]


def _index(atoms: list[_Atom]) -> Node:
    """One index of some atoms."""
    terms: list[tuple[str, list[Node]]] = []
    for sign, node in atoms:
        if sign or not terms:
            terms.append((sign, [node]))
            continue
        before = terms[-1][1][-1]
        if isinstance(before, Number) and isinstance(node, Number) and before.span[1] == node.span[0]:
            terms[-1][1][-1] = Number(before.digits + node.digits, span=(before.span[0], node.span[1]))
        else:
            terms[-1][1].append(node)
    span = (atoms[0][1].span[0], atoms[-1][1].span[1])
    signed = [_signed(sign, product(tuple(nodes), span)) for sign, nodes in terms]
    return signed[0] if len(signed) == 1 else Addition(tuple(signed), span=span)


def _signed(sign: str, node: Node) -> Node:
    return Negation(node, span=node.span) if sign == "-" else node


__all__ = ["call_of", "exponent_of", "factors_of", "joined", "product", "resolved", "splits"]
