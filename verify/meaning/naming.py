r"""Names with scripts: what belongs to the name (W_1, \mu_B, \sigma^2), and what are indices (x_i, P_{ij})."""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.latex import splits, unread
from verify.latex import tree as t
from verify.meaning.indices import letters_of
from verify.meaning.roles import spelling

_SIDE_BY_SIDE = (t.Multiplication, t.Matrix)
INDEX_LETTERS = frozenset("ijklmnpqrstuvbc") | {r"\ell", r"\tau"}
FUNCTION_LETTERS = frozenset("fghFGHLJEC") | {
    r"\ell", r"\phi", r"\varphi", r"\psi", r"\sigma", r"\rho", r"\Phi", r"\Psi", r"\mathcal{L}"}  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A letter with the scripts that belong to its name, as LaTeX without spaces."""

    text: str


@dataclass(frozen=True)
class Definition:
    """`name` with `indices`, or of `parameters`, is `body`; an opaque one has no body but the `arguments` it is of."""

    name: Name
    left: t.Node
    body: t.Node
    indices: tuple[t.Node, ...] = ()
    parameters: tuple[str, ...] = ()
    opaque: bool = False


def name_text(base: t.Letter, lower: t.Script | None = None, raised: t.Node | None = None) -> str:
    """A name as a key."""
    text = spelling(base)
    if lower is not None:
        text += "_{" + ",".join(unread(one).replace(" ", "") for one in lower.items) + "}"
    return text + (f"^{{{unread(raised).replace(' ', '')}}}" if raised is not None else "")


@dataclass
class Names:
    """All names of a question: what is defined, what has axes, and which letters are indices."""

    definitions: list[Definition] = field(default_factory=list)
    shapes: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)
    arrays: dict[str, int] = field(default_factory=dict)
    functions: dict[str, Definition] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    trees: list[t.Node] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    units: bool = False

    # --- taking names apart ---

    def unit(self, node: t.Node) -> bool:
        """Whether this is the unit vector e_k: where nothing defines an e, and none has a shape."""
        if not self.units or not isinstance(node, t.Scripted) or node.lower is None or len(node.lower.items) != 1:
            return False
        return node.base == t.Letter("e") and not node.left_upper and not isinstance(node.lower.items[0], _SIDE_BY_SIDE)

    def named(self, node: t.Node) -> tuple[str, tuple[t.Node, ...], tuple[t.Mark, ...]] | None:
        """The name, the indices and the other marks of a letter with its scripts."""
        if isinstance(node, t.Letter):
            return spelling(node), (), ()
        if not isinstance(node, t.Scripted) or not isinstance(node.base, t.Letter) or node.left_upper:
            return None
        raised = next((mark for mark in node.upper if isinstance(mark, t.Raised)), None)
        rest = tuple(mark for mark in node.upper if mark is not raised)
        body = raised.body if raised is not None else None
        for lower, upper in ((node.lower, body), (None, body), (node.lower, None)):
            if name_text(node.base, lower, upper) in self.fixed and (lower or upper):
                marks = node.upper if upper is None else rest
                name = name_text(node.base, lower, upper)
                return name, self._indices(name, None if lower else node.lower), marks
        if (
            raised is not None
            and raised.fence in ("(", "[")
            and letters_of(raised.body) <= self.letters | INDEX_LETTERS
        ):
            if letters_of(raised.body):
                return spelling(node.base), (raised.body, *(node.lower.items if node.lower else ())), rest
            if isinstance(raised.body, t.Number):
                name = name_text(node.base, None, raised.body)
                return name, self._indices(name, node.lower), rest
        if node.lower is not None and not self.indexed(node.base, node.lower):
            return name_text(node.base, node.lower), (), node.upper
        return spelling(node.base), self._indices(spelling(node.base), node.lower), node.upper

    def _indices(self, name: str, lower: t.Script | None) -> tuple[t.Node, ...]:
        """The indices of a lower script: as many as the array of this name has axes."""
        if lower is None:
            return ()
        axes = self.arrays.get(name)
        if axes is not None:
            found = next(iter(splits(lower, axes)), None)
            if found is not None:
                return found
        return pieces(lower)

    def indexed(self, base: t.Letter, lower: t.Script) -> bool:
        """Whether a lower script holds indices, and is no part of the name."""
        if name_text(base, lower) in self.fixed:
            return False
        if spelling(base) in self.arrays:
            return True
        return bool(letters_of(lower)) and letters_of(lower) <= self.letters


def pieces(lower: t.Script) -> tuple[t.Node, ...]:
    """The indices of a lower script: at commas, or letter by letter."""
    if len(lower.items) > 1:
        return lower.items
    item = lower.items[0]
    if isinstance(item, t.Multiplication) and set(item.signs) == {""}:
        return item.factors
    return (item,)
