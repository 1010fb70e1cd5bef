r"""What stands on the left of a definition: one symbol with index letters; and what a formula speaks of.

y_i and y_j are one symbol, \hat{y}, h_1 and \mu_B are symbols of their own, \sigma_B^2 is one that is written with a
power, f(x) is the function f.  ∂L/∂x, f'(x), x_{t+1} and 2x are no symbols.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.latex import tree as t
from verify.latex.tables import FUNCTIONS
from verify.latex.walk import walk

LetterKey = tuple[str, str, tuple[str, ...]]
Name = tuple[str, tuple[str, ...]]
Key = tuple[LetterKey, tuple[str, ...]]

DELTA: Name = (r"\delta", ())
PAIR: Name = (r"\delta_{ij}", ())
_INDICES = frozenset("ijklmnpqrst")
_DEFINABLE = frozenset(("layernorm", "mean", "var", "vec", "adj", "rank", "step"))
"""Words that are functions and yet mean what each text says; the meaning of all others is settled."""


@dataclass(frozen=True)
class Symbol:
    """A symbol: its letter, the marks that are part of its name, and whether it is written as a function."""

    letter: LetterKey
    marks: tuple[str, ...] = ()
    function: bool = False
    indices: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[LetterKey, tuple[str, ...]]:
        """Equal for what is one symbol: x_i, x_j and x."""
        return self.letter, self.marks

    @property
    def powerless(self) -> tuple[LetterKey, tuple[str, ...]]:
        """The key without a power: \\sigma^2 and \\sigma."""
        return self.letter, tuple(mark for mark in self.marks if not mark.startswith("^"))

    @property
    def family(self) -> tuple[LetterKey, tuple[str, ...]]:
        """The key of the array that this is an entry of, if it is one: x for x_1."""
        return self.letter, ()


def symbol(node: t.Node, body: t.Node | None = None) -> Symbol | None:
    """The symbol that a left side is; None where it is anything else.

    `body` is the right side: letters that are indices there are indices on the left too.
    """
    if isinstance(node, t.Applied) and not node.upper and _plain_arguments(node.bracket):
        found = symbol(node.head, body)
        return Symbol(found.letter, found.marks, True, found.indices) if found and node.lower is None else found
    if isinstance(node, t.Call) and isinstance(node.argument, t.Bracket) and _plain_arguments(node.argument):
        found = symbol(node.function, body)
        return Symbol(found.letter, found.marks, True, found.indices) if found else None
    if isinstance(node, t.Scripted):
        return _scripted(node, body)
    return _lettered(node)


def _lettered(node: t.Node) -> Symbol | None:
    if not isinstance(node, t.Letter):
        return None
    if node.word and FUNCTIONS.get(node.name, "layernorm") not in _DEFINABLE:
        return None
    return Symbol(letter_key(node))


def _scripted(node: t.Scripted, body: t.Node | None) -> Symbol | None:
    base = symbol(node.base, body)
    if base is None:
        return None
    used = _letters_in_scripts(body)
    marks: list[str] = [*base.marks]
    indices: list[str] = []
    for sign, part in _corners(node):
        if isinstance(part, t.Number):
            marks.append(sign + part.digits)
        elif isinstance(part, t.Letter) and _is_index(part, used):
            indices.append(part.name)
        elif isinstance(part, t.Letter):
            marks.append(sign + part.name)
        else:
            return None
    return Symbol(base.letter, tuple(marks), base.function, tuple(indices))


def _corners(node: t.Scripted) -> Iterator[tuple[str, t.Node]]:
    """What stands in the corners, one by one, each with a sign; the number of a layer is part of the name."""
    for script in (node.lower, node.left_lower):
        for item in script.items if script else ():
            yield from (("_", one) for one in _apart(item))
    for mark in (*node.upper, *node.left_upper):
        if not isinstance(mark, t.Raised):
            yield "'", mark
        elif mark.fence in ("", "(", "["):
            yield from (("^" if mark.fence == "" else "_", one) for one in _apart(mark.body))
        else:
            yield "^", mark


def _apart(item: t.Node) -> tuple[t.Node, ...]:
    """_{ij} as i and j."""
    juxtaposed = isinstance(item, t.Multiplication) and not any(item.signs)
    return item.factors if juxtaposed and isinstance(item, t.Multiplication) else (item,)


def _is_index(letter: t.Letter, used: frozenset[str]) -> bool:
    """Whether a letter in a script is an index: a usual one, or a small one that is an index on the right as well."""
    small = letter.name.islower() or letter.name.startswith("\\")
    return not letter.font and not letter.accents and (letter.name in _INDICES or (small and letter.name in used))


def _letters_in_scripts(body: t.Node | None) -> frozenset[str]:
    """The letters that stand in scripts, or under a sum, of the right side."""
    if body is None:
        return frozenset()
    scripts: list[t.Node] = [one for one in walk(body) if isinstance(one, t.Script | t.Raised)]
    scripts += [under for one in walk(body) if isinstance(one, t.Big) for under in one.under]
    return frozenset(one.name for script in scripts for one in walk(script) if isinstance(one, t.Letter))


def _plain_arguments(bracket: t.Bracket) -> bool:
    """Whether all arguments are letters, perhaps with scripts."""
    bare = [item.base if isinstance(item, t.Scripted) else item for item in bracket.items]
    return bracket.fence in ("(", "[", "{") and all(isinstance(one, t.Letter) for one in bare)


def letter_key(letter: t.Letter) -> LetterKey:
    """A letter, bold or not."""
    return letter.name, "" if letter.bold or letter.word else letter.font, letter.accents


def names(node: t.Node) -> frozenset[Name]:
    r"""The letters that a formula speaks of, whatever their fonts and scripts; \delta_{ij} is a name of its own."""
    parts = list(walk(node))
    pairs = {id(one.base) for one in parts if isinstance(one, t.Scripted) and _is_pair(one)}
    found = {(one.name, one.accents) for one in parts if isinstance(one, t.Letter) and id(one) not in pairs}
    return frozenset(found | ({PAIR} if pairs else set()))


def _is_pair(node: t.Scripted) -> bool:
    r"""Whether this is \delta_{ij}, which is Kronecker's unless somebody defines a \delta of two indices."""
    if node.lower is None or node.upper or node.base != t.Letter(r"\delta"):
        return False
    return len([one for item in node.lower.items for one in _apart(item)]) == 2


def defined_names(symbol: Symbol) -> tuple[Name, ...]:
    """The names under which a formula may speak of a symbol."""
    letter, _, accents = symbol.letter
    own: Name = (letter, accents)
    return (own, PAIR) if own == DELTA and len(symbol.indices) != 1 else (own,)


def advances(left: t.Node, right: t.Node) -> bool:
    r"""Whether this is a recursion: w_{t+1} = w_t − …, h_t = f(h_{t-1}), the same letter one step further."""
    own = _base(left)
    if own is None or not isinstance(left, t.Scripted):
        return False
    scripts = {part for _, part in _corners(left)}
    others = [one for one in walk(right) if isinstance(one, t.Scripted) and _base(one) == own]
    return any(_is_step(scripts, {part for _, part in _corners(one)}) for one in others)


def _is_step(left: set[t.Node], right: set[t.Node]) -> bool:
    """Whether one script is another one with a number added: t + 1 on the left of t."""
    return any(_shifted(a) == _shifted(b) for a in left - right for b in right - left if _shifted(a) is not None)


def _shifted(script: t.Node) -> t.Node | None:
    """The letter of t, t + 1 or t − 1."""
    if isinstance(script, t.Letter):
        return script
    if isinstance(script, t.Addition) and len(script.terms) == 2 and isinstance(script.terms[0], t.Letter):
        step = script.terms[1].body if isinstance(script.terms[1], t.Negation) else script.terms[1]
        return script.terms[0] if isinstance(step, t.Number) else None
    return None


def _base(node: t.Node) -> LetterKey | None:
    base = node.base if isinstance(node, t.Scripted) else node
    return letter_key(base) if isinstance(base, t.Letter) else None
