"""One statement of a report: whether it is a claim, a definition, a number or an aside, and what the checker says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from derive.emit.latex import latex
from reports.meant import Aside, Defined, Layered, Measured, Mistaken, OfActivation, Shapes, ValueOf
from reports.selfcheck.arithmetic import agrees
from reports.selfcheck.checks import Check, Kind, Subject, claimed
from reports.selfcheck.decimals import Printed, literal, of_text
from reports.selfcheck.defining import circular, same, spelled
from reports.selfcheck.moved import OPERATOR, MovedReader
from reports.selfcheck.pairing import Unpaired, paired
from reports.selfcheck.shaping import fitting, shaped
from reports.selfcheck.statements import Number, Statement, numbered
from reports.selfcheck.values import DIGITS, Exact, Imprecise, NoPoint, Undefined
from verify.checking.statements import EQUALS
from verify.latex import Unreadable, read
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.arrays import ShapeError
from verify.meaning.errors import Meaningless

DEFINING = frozenset(("forward", "given", "every-forward"))
"""The sections that say what quantities are; elsewhere a formula is a claim."""

KINK = "no derivative at this point"
ABOUT = "approx"


class Asker:
    """Asks about the statements of one report; what is printed twice is asked once."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.names = 0
        self._known: dict[tuple[str, Kind], Check] = {}
        self._points: dict[str, Exact] = {}
        self._layers: dict[int, Asker] = {}

    def checks(self, one: Statement | Number) -> Iterator[Check]:
        """What there is to be checked in a statement; nothing in a formula without a relation, which is counted."""
        match one.meant:
            case Aside(why):
                yield Check("aside", one.text, why, True)
            case Measured():
                yield measured(one.text, one.meant)
            case ValueOf():
                yield self._value(one.text, one.meant)
            case _ if isinstance(one, Statement):
                yield from self._formula(one)
            case _:
                raise TypeError("a number in running text is measured, or the value of a quantity")

    def _formula(self, one: Statement) -> Iterator[Check]:
        match one.meant:
            case Mistaken():
                yield self._claim(one.text, "false claim")
            case Shapes():
                if one.signs:
                    yield fitting(one.text)
                if one.meant.sizes:
                    yield shaped(one.text, one.meant, self.subject)
            case OfActivation(layer):
                yield from self._of(layer)._formula(replace(one, meant=None))
            case Layered(letter, number):
                yield from self.checks(replace(numbered(one, letter, number), meant=None))
            case Defined(expression, target):
                yield same(one, expression, target)
            case _ if one.signs:
                yield from self._statement(one)
            case _:
                yield from self._alone(one.text)

    def _of(self, layer: int) -> Asker:
        """Asks about a network of which every layer has the activation function of one of them."""
        every = self.subject.fields.get("activations")
        if not every or all(one == every[0] for one in every):
            return self
        if layer not in self._layers:
            fields = {**self.subject.fields, "activations": [every[layer - 1]] * len(every)}
            self._layers[layer] = Asker(replace(self.subject, fields=fields))
        return self._layers[layer]

    # --- claims ---

    def _claim(self, text: str, kind: Kind) -> Check:
        if (text, kind) not in self._known and OPERATOR in text:
            self._known[text, kind] = self._moved.check(text, kind)
        if (text, kind) not in self._known:
            self._known[text, kind] = self._asked(text, kind)
        return self._known[text, kind]

    def _asked(self, text: str, kind: Kind) -> Check:
        try:
            check, answer = claimed(self.subject, spelled(self.subject, text), kind != "false claim")
        except ValueError as error:  # a question that the checker cannot take
            return Check(kind, text, f"the checker has no answer: {error}", False)
        found = answer.verdict if check.holds or not answer.message else f"{answer.verdict}: {answer.message}"
        return Check(kind, text, found, check.holds)

    @cached_property
    def _moved(self) -> MovedReader:
        return MovedReader(self.subject)

    def _alone(self, text: str) -> Iterator[Check]:
        """A formula without a relation is a name; a number of which nothing says what it is, is a gap in the report."""
        try:
            body = read(text).statements
        except Unreadable:
            body = ()
        number = literal(body[0].body) if len(body) == 1 else None
        if number is None or number.value.denominator == 1:
            self.names += 1
        else:
            yield Check("number", text, "nothing says what this number is the value of", False)

    def _statement(self, one: Statement) -> Iterator[Check]:
        """A chain: up to the first side that is made of numbers a claim, from there on numbers."""
        kind: Kind = "definition" if one.section in DEFINING else "claim"
        try:
            (body,) = read(spelled(self.subject, one.text)).statements
        except (Unreadable, ValueError):
            yield self._claim(one.text, kind)
            return
        if kind == "definition" and circular(body.sides):
            yield Check(kind, one.text, "this defines a quantity by itself", False)
            return
        first = next((place for place, side in enumerate(body.sides) if place and numeric(side)), len(body.sides))
        valued = any(sign.kind not in EQUALS for sign in body.signs) or any(map(_decimal, body.sides[first:]))
        if first == len(body.sides) or (not valued and self._claim(one.text, kind).holds):
            yield self._claim(one.text, kind)
            return
        if first > 1:
            yield self._claim(one.part(0, first), kind)
        before = body.sides[first - 1]
        for side, sign in zip(body.sides[first:], body.signs[first - 1 :], strict=True):
            yield from self._numbers(one.text, before, side, sign)

    # --- numbers ---

    def point(self, rate: str = "") -> Exact:
        """The exact point, or where a step of a rate leads from there."""
        if rate not in self._points:
            self._points[rate] = Exact(self.subject, rate)
        return self._points[rate]

    def _numbers(self, text: str, letters: t.Node, numbers: t.Node, sign: t.Relation) -> Iterator[Check]:
        """Every number of a side against the quantity in its place, and what the side comes to."""
        if sign.kind not in (*EQUALS, ABOUT):
            yield Check("number", text, "neither = nor ≈ stands before a number", False)
            return
        exactly = sign.kind in EQUALS
        try:
            point = self.point()
            if isinstance(numbers, t.Matrix):
                cells = [literal(cell) for line in numbers.rows for cell in line]
                yield from self._entries(text, point, letters, cells, exactly)
            elif literal(numbers) is not None:
                yield from self._entries(text, point, letters, [literal(numbers)], exactly)
            else:
                yield from self._put_in(text, point, letters, numbers, exactly)
        except (Unpaired, NoPoint, Meaningless, ShapeError, Imprecise) as error:
            yield Check("number", text, str(error), False)

    def _put_in(self, text: str, point: Exact, letters: t.Node, numbers: t.Node, exactly: bool) -> Iterator[Check]:
        """A formula with numbers in the places of its letters: = stands also before rounded ones, ≈ only there."""
        left, right = point.candidate.tree(letters), point.candidate.tree(numbers)
        rounded: list[Printed] = []
        for quantity, printed in paired(left, right):
            found = list(self._entries(text, point, quantity, [printed], None))
            yield from found
            if all(one.kind == "number" and one.holds for one in found) and not _exact(point, quantity, printed):
                rounded.append(printed)
        if not exactly and not rounded:
            yield Check("number", text, "≈ stands where nothing is rounded", False)
            return
        try:
            comes = agrees(point, point.entries(left), right, rounded)
        except Imprecise:
            raise
        except Undefined:
            yield Check("aside", text, KINK, True)
            return
        yield Check("number", text, "right" if comes else "these numbers do not come to the value", comes)

    def _entries(
        self, text: str, point: Exact, tree: t.Node, printed: list[Printed | None], exactly: bool | None
    ) -> Iterator[Check]:
        """Numbers against the entries of a quantity: all `exactly`, or not and some rounded, or (None) either."""
        nodes = point.entries(point.candidate.tree(tree))
        known = [one for one in printed if one is not None]
        if len(nodes) != len(known) or len(known) != len(printed):
            yield Check("number", text, f"{len(printed)} numbers stand for {len(nodes)} entries", False)
            return
        wrong, aside, near = "", 0, False
        for place, (node, one) in enumerate(zip(nodes, known, strict=True), 1):
            try:
                right = point.shown(node, one, DIGITS, bool(exactly))
                near = near or (right and exactly is False and not point.equal(node, one))
            except Imprecise as error:
                right, wrong = True, str(error)
            except Undefined:
                right, aside = True, aside + 1
                yield Check("aside", text if len(nodes) == 1 else f"{text}: entry {place}", KINK, True)
            if not right:
                wrong = wrong or f"{one.shown} is printed for {_value(point, node)}"
        if exactly is False and not near and not aside and not wrong:
            wrong = "≈ stands before what is exact"
        if aside < len(nodes):
            yield Check("number", text, wrong or "right", not wrong)

    def _value(self, text: str, meant: ValueOf) -> Check:
        """A number that stands alone."""
        try:
            point, printed = self.point(meant.rate), of_latex(text)
            nodes = point.entries_of(latex(meant.quantity))
            if meant.length:
                right, found = point.length(nodes, printed, meant.digits), "the length of the array"
            else:
                node = nodes[meant.place]
                right, found = point.shown(node, printed, meant.digits), _value(point, node)
        except Imprecise as error:
            return Check("number", text, str(error), False)
        except Undefined:
            return Check("aside", text, KINK, True)
        except (NoPoint, Meaningless, ShapeError, Unreadable, ValueError) as error:
            return Check("number", text, str(error), False)
        return Check("number", text, "right" if right else f"not {found}", right)


def _exact(point: Exact, tree: t.Node, printed: Printed) -> bool:
    """Whether a decimal is the number and not only near it."""
    (node,) = point.entries(point.candidate.tree(tree))
    return point.equal(node, printed)


def _value(point: Exact, node: object) -> str:
    return str(point.enclosure.of(node).str(12, radius=False))  # type: ignore[arg-type]


def of_latex(text: str) -> Printed:
    """The decimal that a formula is; raises `ValueError` where it is none."""
    found = literal(read(text).statements[0].body)
    if found is None:
        raise ValueError("this is no number")
    return found


def measured(text: str, meant: Measured) -> Check:
    """A number that was measured: its digits are those of the float, and a bound is not below it."""
    try:
        printed = of_text(text) if "\\" not in text else of_latex(text)
    except (ValueError, Unreadable):
        return Check("number", text, "this is no number", False)
    true = Fraction(meant.value)
    right = abs(true - printed.value) <= printed.half(meant.digits)
    if meant.bound:
        right = true <= printed.value <= true + 2 * printed.half(meant.digits)
    return Check("number", text, "right" if right else f"not {meant.value!r}", right)


def _decimal(side: t.Node) -> bool:
    """Whether a number in a side is no whole one: then it is the value of something at a point."""
    return any(isinstance(part, t.Number) and "." in part.digits for part in walk(side))


def numeric(side: t.Node) -> bool:
    """Whether a side is made of numbers: it has no quantity, only numbers, functions, e and π."""
    heads = {id(part.head) for part in walk(side) if isinstance(part, t.Applied)}
    heads |= {id(part.function) for part in walk(side) if isinstance(part, t.Call)}
    letters = [part for part in walk(side) if isinstance(part, t.Letter)]
    inner = {id(part.base) for part in walk(side) if isinstance(part, t.Scripted) and id(part) in heads}
    return all(id(one) in heads | inner or one.name in ("e", r"\pi") or one.word for one in letters)
