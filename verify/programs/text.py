r"""What a text of definitions holds before anything is evaluated: its names, its functions, what counts from 0.

f(x) = xᵀAx           a number that is written with what it depends on, unless another line applies f
\operatorname{LayerNorm}(x)_i = …   an array that is called LayerNorm
\frac{1}{n} \sum_i x_i              a mean: n is the length of the axis that i runs over
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from verify.latex import Unreadable, unread
from verify.latex import tree as t
from verify.latex.attach import attached
from verify.latex.walk import mapped, walk
from verify.meaning.definitions import meant, more_than_one, names
from verify.meaning.errors import Meaningless, Misfit
from verify.meaning.indices import bound_by, letter_of, letters_of
from verify.meaning.naming import INDEX_LETTERS, Definition, Names
from verify.meaning.roles import spelling
from verify.meaning.words import defining
from verify.programs.written import apart_letters

Pair = tuple[t.Node, t.Node]
Shapes = Mapping[str, Sequence[int | str]]

_MEANS = frozenset("nNmMdDBTKHpPrRsSq")


class NotDerived(Unreadable):
    """A definition that cannot become part of a program; `text` is it, `start` and `end` are the place in it."""

    def __init__(self, message: str, start: int, end: int, text: str, misfit: bool = False) -> None:
        super().__init__(message, start, end)
        self.text = text
        self.misfit = misfit

    def __str__(self) -> str:
        return f"{self.message}; in {self.text}"


@dataclass
class Line:
    """One definition and the text that it stands in."""

    left: t.Node
    right: t.Node
    text: str


@dataclass
class Text:
    """All definitions of a text, by name; `applied` are the functions that some line applies."""

    lines: list[Line]
    names: Names
    means: dict[int, str] = field(default_factory=dict)
    from_zero: bool = False

    @cached_property
    def functions(self) -> dict[str, Definition]:
        """Functions that some line applies."""
        return self.names.functions

    @cached_property
    def by_name(self) -> dict[str, Definition]:
        """The quantities that are defined."""
        return {one.name.text: one for one in self.names.definitions}

    @cached_property
    def bodies(self) -> dict[str, t.Node]:
        """Right sides, with calls told from products."""
        return {name: meant(self.names, one.body) for name, one in self.by_name.items()}

    @cached_property
    def function_bodies(self) -> dict[str, t.Node]:
        """The same of functions."""
        return {name: meant(self.names, one.body) for name, one in self.functions.items()}

    @cached_property
    def trees(self) -> list[t.Node]:
        """Every body."""
        return [*self.bodies.values(), *self.function_bodies.values()]

    @cached_property
    def displayed(self) -> dict[str, str]:
        """How each name was written first, fonts included."""
        found: dict[str, str] = {}
        for line in self.lines:
            for side in (line.left, line.right):
                for part in walk(side):
                    if isinstance(part, t.Letter | t.Scripted):
                        self._display(part, found)
        return found

    def _display(self, node: t.Node, found: dict[str, str]) -> None:
        named = self.names.named(node)
        if named is None or named[0] in found:
            return
        base = node.base if isinstance(node, t.Scripted) else node
        plain = spelling(base) if isinstance(base, t.Letter) else ""
        if plain and named[0].startswith(plain) and isinstance(base, t.Letter):
            shown = unread(base) if base.word or base.font not in ("mathrm", "") else plain
            found[named[0]] = shown + named[0][len(plain) :]

    def display(self, name: str) -> str:
        """A name as it was written."""
        return self.displayed.get(name, name)

    @cached_property
    def letters_used(self) -> frozenset[str]:
        """Plain letters that are names of quantities, so that no index and no size may be called so."""
        indices = self.names.letters | INDEX_LETTERS
        found = {one for one in self.displayed if len(one) == 1}
        return frozenset(one for one in found if one not in indices or one in self.by_name or one in self.names.arrays)

    @cached_property
    def entrywise(self) -> frozenset[str]:
        """Unknown functions f of lines y = f(z) whose y an unknown L(y) depends on: they work entry by entry."""
        calls = {name: body for name, body in self.bodies.items() if isinstance(body, t.Call)}
        within = {spelling(one) for body in calls.values() for one in body.arguments if isinstance(one, t.Letter)
                  and isinstance(body.function, t.Letter) and spelling(body.function) in self.names.opaque}  # fmt: skip
        heads = {name: spelling(body.function) for name, body in calls.items() if isinstance(body.function, t.Letter)}
        return frozenset(head for name, head in heads.items() if head in self.names.opaque and name in within)

    def scalar(self, definition: Definition) -> bool:
        """Whether a function is one of numbers that speaks of nothing but its arguments."""
        for part in walk(self.function_bodies[definition.name.text]):
            if isinstance(part, t.Big | t.Norm | t.InnerProduct | t.Transposed):
                return False
            named = self.names.named(part) if isinstance(part, t.Letter | t.Scripted) else None
            if named is None or named[0] in definition.parameters:
                continue
            if (
                named[0] in self.by_name
                or named[0] in self.names.arrays
                or named[1]
                or (named[2] and _transposes(named))
            ):
                return False
        return True

    def source(self, name: str) -> str:
        """The text that defines a name."""
        definition = self.by_name.get(name) or self.functions.get(name)
        if definition is None:
            return ""
        return next((line.text for line in self.lines if line.right is definition.body), "")

    def circle(self, name: str, definition: Definition) -> NotDerived:
        """A quantity that is defined by itself, over however many others."""
        return NotDerived(f"{name} is defined by itself", *definition.left.span, self.source(name))

    def placed(self, error: Meaningless, name: str) -> NotDerived:
        """What is wrong, with the definition that it stands in."""
        start, end = error.part.span
        return NotDerived(error.message, start, end, self.source(name), isinstance(error, Misfit))


def _transposes(named: tuple[str, tuple[t.Node, ...], tuple[t.Mark, ...]]) -> bool:
    return any(isinstance(one, t.Transpose) for one in named[2])


# --- reading --------------------------------------------------------------------------------------------------------


def text_of(given: Sequence[str], shapes: Shapes, means: bool = True) -> Text:
    """The definitions of all lines; `means` reads the n of (1/n) Σ_i as a length.

    Raises `NotDerived` with the place where one cannot be read.
    """
    lines = [line for one in given for line in _lines(one)]
    own = {*shapes, *(spelling(one.left) for one in lines if isinstance(one.left, t.Letter))}
    for line in lines:
        _refuse_unknown(line, own)
    lines = _said(lines)
    pairs = [(line.left, line.right) for line in lines]
    stated = {name: tuple(sizes) for name, sizes in shapes.items()}
    try:
        found = names((), stated, (), pairs)
        marked = _marked(found, pairs)
        if marked:
            spelled = names((), stated, (), ()).shapes
            found = names((), {**dict.fromkeys(marked, ()), **stated}, (), pairs)
            found.shapes = {name: sizes for name, sizes in found.shapes.items() if name in spelled}
    except Unreadable as error:
        raise _found_in(error, lines) from None
    text = Text(lines, found)
    text.from_zero = any(_begins_at_zero(part) for tree in text.trees for part in walk(tree))
    found.sizes |= set(_ends(text.trees))
    text.means = dict(_means(text)) if means else {}
    found.sizes |= set(text.means.values())
    return text


def _lines(text: str) -> Iterator[Line]:
    try:
        statements = defining(text).statements
    except Unreadable as error:
        raise NotDerived(error.message, error.start, error.end, text) from None
    for one in statements:
        if one.role == "condition" or isinstance(one.body, t.Range | t.ForAll):
            continue
        if not one.compares or one.signs[0].kind not in ("equal", "identical", "define", "update"):
            raise NotDerived("a definition needs the form name = expression", *one.span, text)
        if sentence := more_than_one(one):
            raise NotDerived(sentence, *one.sides[2].span, text)
        yield Line(one.sides[0], one.sides[1], text)


_APPLIED = {
    r"\Gamma": "the gamma function is not derived",
    "E": "an expectation is not derived: write the sum",
    "P": "a probability is not derived: give it a letter",
}
"""What some letters say in front of a bracket, where they are not numbers."""


def _refuse_unknown(line: Line, own: set[str]) -> None:
    """Refuses Γ(x), 𝔼[…] and ℙ(…), which would be read as products; `own` are names that the text gives a meaning."""
    for part in walk(line.right):
        head = part.head if isinstance(part, t.Applied) else None
        if isinstance(part, t.Applied) and isinstance(head, t.Letter) and head.name in _APPLIED:
            if spelling(head) in own:
                continue
            if head.name == r"\Gamma" or head.font == "mathbb" or (head.name == "E" and part.bracket.fence == "["):
                raise NotDerived(f"{_APPLIED[head.name]}; a product is written with \\cdot", *part.span, line.text)


def _marked(found: Names, pairs: Sequence[Pair]) -> list[str]:
    r"""Names such as d_k and W_q whose script nothing runs over: the script is part of the name."""
    parts = [part for pair in pairs for side in pair for part in walk(side)]
    running = {name for one in found.definitions for index in one.indices if (name := letter_of(index))}
    for big in parts:
        if isinstance(big, t.Big):
            running |= bound_by(big) | set(apart_letters(big))
    marked = []
    for part in parts:
        if isinstance(part, t.Scripted) and part.lower is not None and isinstance(part.base, t.Letter):
            named = found.named(part)
            letters = letters_of(part.lower)
            if named is not None and named[1] and letters and not letters & running:
                marked.append(unread(replace(part, upper=())))
    return list(dict.fromkeys(marked))


def _found_in(error: Unreadable, lines: list[Line]) -> NotDerived:
    """The line that an error of the reader of names is about, if its message quotes one."""
    quoted = [line for line in lines if unread(line.left)[:60] in error.message]
    about = max(quoted, key=lambda line: len(unread(line.left)), default=None)
    left = about.left.span if about else (error.start, error.end)
    return NotDerived(error.message, *left, about.text if about else "; ".join(one.text for one in lines)[:80])


# --- numbers that are written with what they depend on --------------------------------------------------------------


def _head(node: t.Node) -> t.Letter | None:
    """The letter that is applied."""
    if isinstance(node, t.Scripted):
        return _head(node.base)
    if isinstance(node, t.Applied) and isinstance(node.head, t.Letter):
        return node.head
    if isinstance(node, t.Call) and isinstance(node.function, t.Letter) and isinstance(node.argument, t.Bracket):
        return node.function
    return None


def _said(lines: list[Line]) -> list[Line]:
    """f(x) = … is the number f where no other line applies f, and LayerNorm(x)_i = … an array wherever it stands."""
    applied = [spelling(head) for line in lines for part in walk(line.right) if (head := _head(part)) is not None]
    plain: dict[str, t.Letter] = {}
    for line in lines:
        head = _head(line.left)
        scripted = _scripts_of(line.left) != (None, ())
        if head is not None and (scripted or spelling(head) not in applied):
            plain[spelling(head)] = head
    return [Line(_unsaid(line.left, plain), _unsaid(line.right, plain), line.text) for line in lines]


def _scripts_of(node: t.Node) -> tuple[t.Script | None, tuple[t.Mark, ...]]:
    return (node.lower, node.upper) if isinstance(node, t.Applied | t.Scripted) else (None, ())


def _unsaid(node: t.Node, plain: Mapping[str, t.Letter]) -> t.Node:
    """The tree with these letters in place of what is applied."""
    if isinstance(node, t.Applied | t.Call):
        head = _head(node)
        if head is not None and spelling(head) in plain:
            lower, upper = _scripts_of(node)
            return attached(head, lower, upper, node.span)
    return mapped(node, lambda one: _unsaid(one, plain))


# --- sums -----------------------------------------------------------------------------------------------------------


def _begins_at_zero(node: t.Node) -> bool:
    return isinstance(node, t.Big) and any(
        isinstance(one, t.Comparison)
        and one.signs[0].kind == "equal"
        and isinstance(one.sides[1], t.Number)
        and one.sides[1].digits == "0"
        for one in node.under
    )


def _ends(trees: Sequence[t.Node]) -> Iterator[str]:
    """The K of a sum up to K − 1."""
    for tree in trees:
        for part in walk(tree):
            over = part.over if isinstance(part, t.Big) else None
            if isinstance(over, t.Addition) and isinstance(over.terms[0], t.Letter):
                yield spelling(over.terms[0])


def _means(text: Text) -> Iterator[tuple[int, str]]:
    """The sums without limits that a letter divides, each with the letter."""
    for tree in text.trees:
        for part in walk(tree):
            for letter, big in _divided(part):
                name = spelling(letter)
                free = name not in text.by_name and name not in text.names.arrays and name not in text.names.shapes
                if big.over is None and len(bound_by(big)) == 1 and free and name in _MEANS:
                    yield id(big), name


def _divided(node: t.Node) -> Iterator[tuple[t.Letter, t.Big]]:
    r"""\frac{1}{n} \sum_i …, and \frac{\sum_i …}{n}."""
    if isinstance(node, t.Multiplication) and node.tight:
        last = node.factors[-1]
        for factor in node.factors[:-1]:
            letter = _under_one(factor)
            if letter is not None and isinstance(last, t.Big) and last.sign.endswith("sum"):
                yield letter, last
    elif isinstance(node, t.Fraction) and isinstance(node.above, t.Big) and isinstance(node.below, t.Letter):
        yield node.below, node.above


def _under_one(node: t.Node) -> t.Letter | None:
    if isinstance(node, t.Negation):
        return _under_one(node.body)
    return node.below if isinstance(node, t.Fraction) and isinstance(node.below, t.Letter) else None
