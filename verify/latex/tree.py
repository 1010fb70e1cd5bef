r"""The syntax tree of a formula: what was written, where, and nothing about what it means.

No node knows a notation.  w^2_{jk} is a letter with scripts, not a power; `f(x)` is an `Applied`, both a call and a
product until somebody who knows the roles says which.  Every node has `span`, offsets in the text that was read;
spans do not take part in equality.  Trees are at most a few hundred nodes deep, so they may be walked recursively.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction as Rational
from typing import Literal

Span = tuple[int, int]
Fence = Literal["", "(", "[", "{", "<", r"\odot", r"\circ"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Something that was written.  `span` is (start, end) in the text."""

    span: Span = field(default=(0, 0), compare=False, repr=False)


# --- letters and their scripts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A decimal number, with its digits as they were written: as an index, 12 may be 1 and 2, and 01 is not 1."""

    digits: str

    @property
    def value(self) -> Rational:
        """The exact value."""
        return Rational(self.digits)


@dataclass(frozen=True, slots=True)
class Letter(Node):
    r"""A letter (`w`, `\delta`), the 1 of `\mathbf{1}`, or an upright word (`softmax`, `net`).

    `font` is the command without its backslash: mathbf, boldsymbol (also for \bm), mathrm (also for \text and
    \operatorname), mathcal, mathbb, …  `accents` are hat, bar, tilde, dot, …, the innermost first.
    """

    name: str
    font: str = ""
    accents: tuple[str, ...] = ()

    @property
    def bold(self) -> bool:
        """Whether the letter is bold in either of the two ways."""
        return self.font in ("mathbf", "boldsymbol")

    @property
    def word(self) -> bool:
        """Whether this is a word of several letters."""
        return len(self.name) > 1 and self.name[0] != "\\"


@dataclass(frozen=True, slots=True)
class Raised(Node):
    r"""An upper script that is no mark: a layer, a power, the number of a sample.

    `fence` is the bracket around it, or \odot in x^{\odot 2}, the power of each entry.
    """

    body: Node
    fence: Fence = ""


@dataclass(frozen=True, slots=True)
class Prime(Node):
    """One or more primes as an upper script."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    r"""A sign of transposition as an upper script: `T`, which may yet be a letter, or `\top`, which is certain."""

    spelling: Literal["T", r"\top"] = "T"


Mark = Raised | Prime | Transpose


@dataclass(frozen=True, slots=True)
class Script(Node):
    """A lower script: what stands between its commas.  `_{jk}` is one item, a product; `splits` takes it apart."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Scripted(Node):
    """A base with scripts in its four corners; upper scripts stand in the order in which they were written."""

    base: Node
    lower: Script | None = None
    upper: tuple[Mark, ...] = ()
    left_upper: tuple[Mark, ...] = ()
    left_lower: Script | None = None


# --- arithmetic -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bracket(Node):
    """(a), [a], {a}, or a list; `breaks` are the numbers of the items in front of which a semicolon stands."""

    fence: Fence
    items: tuple[Node, ...]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """−a."""

    body: Node


@dataclass(frozen=True, slots=True)
class Addition(Node):
    """a + b − c: a difference is the sum with a `Negation`."""

    terms: tuple[Node, ...]


Sign = Literal["", r"\cdot", r"\times", r"\odot", r"\circ", "*", r"\otimes", r"\oslash"]


@dataclass(frozen=True, slots=True)
class Multiplication(Node):
    r"""A product, read from left to right; `signs[i]` stands between factor i and the next, "" for juxtaposition.

    Either all signs bind tightly ("", \cdot, \times), or all loosely (\odot, \circ, *, \otimes, \oslash).
    """

    factors: tuple[Node, ...]
    signs: tuple[Sign, ...]

    def __post_init__(self) -> None:
        if len(self.signs) != len(self.factors) - 1 or not self.signs:
            raise ValueError(f"{len(self.factors)} factors need {len(self.factors) - 1} signs, not {len(self.signs)}")
        if len({sign in TIGHT for sign in self.signs}) > 1:
            raise ValueError(f"signs that bind tightly and loosely in one product: {self.signs}")

    @property
    def tight(self) -> bool:
        """Whether this is a chain of juxtapositions and dots."""
        return self.signs[0] in TIGHT


TIGHT = frozenset(("", r"\cdot", r"\times"))


def juxtaposed(factors: tuple[Node, ...], span: Span) -> Node:
    """Factors as one product; a single one is itself.  At least one."""
    signs: tuple[Sign, ...] = tuple("" for _ in factors[1:])
    return Multiplication(factors, signs, span=span) if signs else factors[0]


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    r"""above over below; `slash` where it was written a/b, which is \frac otherwise."""

    above: Node
    below: Node
    slash: bool = False


@dataclass(frozen=True, slots=True)
class Power(Node):
    r"""base^exponent where this cannot be a layer: the base is bracketed, a number, or the letter e."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Transposed(Node):
    """The transpose of something in brackets; `spelling` as in `Transpose`."""

    base: Node
    spelling: Literal["T", r"\top"] = "T"


@dataclass(frozen=True, slots=True)
class Primed(Node):
    """Something in brackets with primes."""

    base: Node
    count: int = 1


@dataclass(frozen=True, slots=True)
class Root(Node):
    """A square root, or the root of a degree."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Norm(Node):
    """‖a‖, or |a| where `double` is false; ‖a‖_2 has a lower script, ‖a‖² is a `Power` of this."""

    body: Node
    double: bool = True
    lower: Script | None = None


@dataclass(frozen=True, slots=True)
class InnerProduct(Node):
    r"""\langle a, b \rangle."""

    left: Node
    right: Node


# --- functions, sums, derivatives -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call(Node):
    r"""A function of its argument: a `Bracket`, or for `\log x` the argument itself.

    The function is a letter, a letter with scripts, or a derivative.
    """

    function: Node
    argument: Node

    @property
    def arguments(self) -> tuple[Node, ...]:
        """The arguments, without their bracket."""
        return self.argument.items if isinstance(self.argument, Bracket) else (self.argument,)


@dataclass(frozen=True, slots=True)
class Applied(Node):
    r"""A letter directly followed by a bracket, `a(1 - a)^2`: a call or a product, which the roles decide.

    `lower` and `upper` are the scripts of the bracket.  `gap` says that a space such as `\,` was typed between.
    """

    head: Node
    bracket: Bracket
    lower: Script | None = None
    upper: tuple[Mark, ...] = ()
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Big(Node):
    r"""\sum, \prod, \max, \min, \arg\max over what stands under it; `body` reaches to the next + or − or =.

    `under` are the items under the sign, each a binder `k`, a start `k = 1`, or a condition `i \ne j`, `k \in S`.
    """

    sign: str
    under: tuple[Node, ...]
    over: Node | None
    body: Node

    @property
    def binders(self) -> tuple[Node, ...]:
        """The letters that are bound: items without a sign, and what stands left of one."""
        found = [item.sides[0] if isinstance(item, Comparison) else item for item in self.under]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class By(Node):
    """One variable of a derivative, and how many times."""

    variable: Node
    times: Node | None = None


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    r"""∂operand/∂by in one of its spellings.

    `style`: fraction (\frac{\partial E}{\partial w}), slash (∂E/∂w), operator (\frac{\partial}{\partial w} E),
    subscript (\partial_w E), nabla (\nabla_w E, where `by` may be empty).  `sign` is \partial, d, \mathrm{d} or \nabla,
    `order` what was written as its exponent.
    """

    operand: Node
    by: tuple[By, ...]
    sign: str
    style: Literal["fraction", "slash", "operator", "subscript", "nabla"]
    order: Node | None = None


@dataclass(frozen=True, slots=True)
class Evaluated(Node):
    r"""\left. body \right|_{at}; `at` are equations or values."""

    body: Node
    at: Script


@dataclass(frozen=True, slots=True)
class Indicator(Node):
    r"""1 where the condition holds, else 0: \mathbb{1}[z > 0], \mathbf{1}_{z > 0}, [z > 0] with no head."""

    condition: Node
    head: Letter | Number | None
    fence: Fence = "["
    below: bool = False


@dataclass(frozen=True, slots=True)
class Case(Node):
    """One line of `cases`: without conditions it is the one for all else."""

    value: Node
    conditions: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """A function by cases; the first that holds counts."""

    rows: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """Rows of entries in brackets; a fence | is a determinant."""

    rows: tuple[tuple[Node, ...], ...]
    fence: str = "("


@dataclass(frozen=True, slots=True)
class Marked(Node):
    r"""\underbrace{body}_{note} or \overbrace: a group that the reader of the page sees; the note is as typed."""

    body: Node
    note: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Ellipsis(Node):
    """… in a list such as 1, …, n; nowhere else."""


# --- comparisons ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relation(Node):
    r"""A sign between two sides; `kind` is a key of `tables.RELATION_KINDS`, `note` what was set over it."""

    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """A = B = C, or 0 < x ≤ 1: sides, and the signs between them."""

    sides: tuple[Node, ...]
    signs: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Range(Node):
    r"""j, k = 1, \ldots, n: letters, and the list that they run through."""

    letters: tuple[Node, ...]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ForAll(Node):
    r"""\forall j, k."""

    items: tuple[Node, ...]
