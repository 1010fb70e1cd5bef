"""A document to questions: definitions accumulate as in a text, claims are about the definitions so far.

`collected(source)` gives one `Item` for each equation, in the order of the text, and asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from verify.document.definitions import Definition, Definitions
from verify.document.directives import Directive
from verify.document.displays import Line, lines
from verify.document.events import Comment, Display, Inline, Source, Told
from verify.document.items import Item, Kind, ambiguous, letters, refusal, undefined, with_loss
from verify.document.limits import MOST_EQUATIONS
from verify.document.mapped import Lines, Mapped, Place
from verify.document.prose import spoken_for, telling
from verify.document.records import Standing, record
from verify.document.shapes import Shape, shapes
from verify.document.statements import Written, written
from verify.document.symbols import Key, advances, names


@dataclass(frozen=True)
class Collected:
    """All items of a document, and what it defines; `network`: it is about the network; `cut`: not all was read."""

    items: tuple[Item, ...]
    definitions: Definitions
    network: bool
    cut: bool = False


@dataclass
class _State:
    """What holds at a place of the text."""

    shapes: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    network: dict[str, Any] | None = None
    silent: bool = False
    word: Directive | None = None


def collected(source: Source, base: Mapping[str, Any] | None = None) -> Collected:
    """The items of a document; `base` holds fields of a question that stand before it, such as `given` or `layers`."""
    first = _Collector(source, dict(base or {}))
    found = first.run()
    if found.network or not first.surveys:
        return found
    # What stands in a sentence counts only where no display, before or behind it, defines the symbol.
    symbols = (one.symbol for one in found.definitions.history)
    displayed = frozenset(key for one in symbols for key in (one.key, one.powerless, one.family))
    return _Collector(source, dict(base or {}), displayed).run()


class _Collector:
    """Reads a text once; what its sentences define counts if `displayed`, which the displays define, is given."""

    def __init__(self, source: Source, base: dict[str, Any], displayed: frozenset[Key] | None = None) -> None:
        self.events, self.displayed = source.events, displayed
        self.surveys = displayed is None and any(isinstance(event, Told) for event in source.events)
        self.lines = Lines(source.text)
        self.items: list[Item] = []
        self.cut = False
        self.definitions = Definitions()
        self.state = _State(dict(base.get("shapes") or {}), list(base.get("assume") or []))
        self.network = {key: value for key, value in base.items() if key not in ("given", "shapes", "assume")}
        self.given = base.get("given") is not None
        if not self.given and self.network.keys() - {"layout"}:
            self.state.network = self.network
        for number, one in enumerate(base.get("given") or ()):
            self._given(number - len(base["given"]), one)

    def run(self) -> Collected:
        """Everything, in the order of the text."""
        for event in self.events:
            if len(self.items) >= MOST_EQUATIONS:
                self.cut = True
                break
            self.event(event)
        return self.result()

    def result(self) -> Collected:
        """Everything that was collected; a document that defines nothing is about the network."""
        defines = self.definitions.history or self.given
        if not defines and any(one.record is not None for one in self.items):
            items = tuple(self._about_network(one) for one in self.items)
            return Collected(items, self.definitions, True, self.cut)
        history = self.definitions.history
        found = self.items if self.surveys else [with_loss(one, one.known, history) for one in self.items]
        return Collected(tuple(found), self.definitions, False, self.cut)

    def _about_network(self, item: Item) -> Item:
        if item.record is None or "given" not in item.record:
            return item
        return replace(item, record={"formula": item.record["formula"], **self.network})

    def _given(self, number: int, latex: str) -> None:
        """A definition that stands before the document."""
        for one in written(Line(Mapped.at(latex, (0, len(latex))))):
            if one.symbol is not None and one.statement is not None and not one.error:
                body = names(one.statement.body)
                self.definitions.add(Definition(number, one.symbol, latex, body))
                return

    def event(self, event: object) -> None:
        """What stands in the text, in its order."""
        if isinstance(event, Comment):
            self._comment(event)
        elif isinstance(event, Inline):
            self._shapes(shapes(event.body.text))
        elif isinstance(event, Told):
            self._told(event)
        elif isinstance(event, Display):
            self._display(event)

    # --- comments and shapes ----------------------------------------------------------------------------------------

    def _comment(self, comment: Comment) -> None:
        meaning, state = comment.meaning, self.state
        if isinstance(meaning, str):
            self._item("comment", Mapped(), comment.place, error=meaning, at=comment.place)
        elif meaning.word in ("on", "off"):
            state.silent = meaning.word == "off"
        elif meaning.word == "shape":
            self._shapes(meaning.shapes)
        elif meaning.word == "assume" and meaning.formula:
            state.facts.append(meaning.formula)
        elif meaning.word == "define" and meaning.formula:
            self._noted(comment, meaning.formula)
        elif meaning.word == "network":
            state.network = {**self.network, **meaning.network}
        elif meaning.word == "given":
            state.network = None
        elif meaning.word == "forget":
            self.definitions.forget()
            state.shapes, state.facts = {}, []
        else:
            state.word = meaning

    def _noted(self, comment: Comment, formula: str) -> None:
        """A definition that stands in a comment."""
        place = comment.place
        for one in written(Line(Mapped.at(formula, place).stripped())):
            if one.error or one.symbol is None or one.tail is not None or self.state.network is not None:
                message = one.error or "a comment may define one symbol, as in “derive: define s = a + b”"
                self._item("comment", Mapped(), place, error=message, at=place)
            else:
                self._define(one)

    def _told(self, told: Told) -> None:
        """Definitions in a sentence, of symbols that nothing displayed defines; whatever else it says is left alone."""
        if self.displayed is None or self.state.network is not None or self.state.silent:
            return
        for one in written(Line(told.body.stripped())):
            symbol = one.symbol
            if symbol is None or not telling(one) or spoken_for(symbol, self.displayed) or refusal(one.head.text):
                continue
            known = self.definitions.knows(symbol)
            if known is None or (known.prose and known.latex != one.head.text):
                self._define(one, prose=True)

    def _shapes(self, found: Iterable[Shape]) -> None:
        self.state.shapes.update(found)

    # --- displays ---------------------------------------------------------------------------------------------------

    def _display(self, display: Display) -> None:
        word, self.state.word = self.state.word, None
        if display.error is not None:
            kind: Kind = "skipped" if self._silent(word) else "claim"
            message, at = display.error
            self._item(kind, display.body, display.place, error="" if kind == "skipped" else message, at=at)
            return
        waiting = list(display.comments)
        for line in lines(display):
            begin = line.formula.place(0, 1)[0]
            while waiting and waiting[0].place[0] < begin:
                self._comment(waiting.pop(0))
            inner, self.state.word = self.state.word, None
            for one in written(line):
                self._statement(one, inner or word)
        for comment in waiting:
            self._comment(comment)

    def _silent(self, word: Directive | None) -> bool:
        return self.state.silent or (word is not None and word.word == "skip")

    def _statement(self, one: Written, word: Directive | None) -> None:
        said = word.word if word is not None else ""
        if self._silent(word):
            self._skip(one, "")
        elif said == "assume":
            self.state.facts.append(one.text.text)
            self._skip(one, "assumed from here on")
        elif one.statement is None or not (one.is_equation or one.error):
            self._no_equation(one, said)
        elif self.state.network is not None and said != "define":
            self._claim(one)
        elif self.state.network is not None:
            self._fail("definition", one, "in a text about a network nothing can be defined: write “% derive: given”")
        else:
            self._equation(one, said)

    def _no_equation(self, one: Written, said: str) -> None:
        if one.error or said == "claim":
            self._fail("claim", one, one.error or "there is nothing to compare: an equation A = B is needed")
            return
        self._shapes(shapes(one.text.text))
        self._skip(one, "no equation: nothing is claimed to be equal")

    def _equation(self, one: Written, said: str) -> None:
        """An equation among definitions."""
        symbol = one.symbol
        known = self.definitions.knows(symbol) if symbol is not None else None
        defines = symbol is not None and said != "claim" and (known is None or said == "define")
        if said == "define" and symbol is None:
            self._fail("definition", one, "a definition needs one symbol on its left side")
        elif one.error:
            self._unread(one, defines)
        elif not said and one.statement is not None and advances(*one.statement.sides[:2]):
            self._skip(one, "a recursion: each step follows from the one before (% derive: claim asks all the same)")
        elif defines:
            self._define(one)
        else:
            self._claim(one, ambiguous(symbol, known))

    def _unread(self, one: Written, defines: bool) -> None:
        self._fail("definition" if defines else "claim", one, one.error)
        if defines and one.symbol is not None:
            self._add(Definition(len(self.items), one.symbol, one.text.text, frozenset(), readable=False), one)

    def _define(self, one: Written, prose: bool = False) -> None:
        assert one.symbol is not None and one.statement is not None
        spoken = letters(one.statement.sides[1:2], one.conditions)
        error = refusal(one.head.text)
        place = _place(one) if one.tail is None else one.head.place(0, len(one.head))
        self._item("definition", one.head, place, one.label, error=error, at=place, prose=prose)
        self._add(Definition(len(self.items), one.symbol, one.head.text, spoken, readable=not error, prose=prose), one)
        if one.tail is not None and not prose:
            for each in written(Line(one.tail, one.label)):
                self._equation(each, "")

    def _add(self, definition: Definition, one: Written) -> None:
        line = self.lines.of(_place(one)[0])[0]
        gone = self.definitions.add(replace(definition, line=line, epoch=self.definitions.epoch))
        if gone:
            where = ", ".join(f"line {other.line}" for other in gone)
            self.items[-1] = replace(self.items[-1], note=f"replaces what was defined in {where}")

    def _claim(self, one: Written, doubt: str = "") -> None:
        if one.error:
            self._fail("claim", one, one.error)
            return
        assert one.statement is not None
        text, note = one.text, ""
        if one.length < len(one.statement.signs):
            text, note = one.sides(0, one.length), "what follows the last equality is no equation"
            doubt = doubt or (note if one.conditions else "")
        if self.state.network is not None:
            about = {"formula": text.text, **self.state.network}
            self._item("claim", text, _place(one), one.label, record=about, note=note)
            return
        spoken = letters(one.statement.sides, one.conditions)
        spoken |= letters((each.statement.body for each in one.beside if each.statement), ())
        hidden = {each.symbol.key for each in one.beside if each.symbol is not None}
        rests = [each for each in self.definitions.under(spoken) if each.symbol.key not in hidden]
        standing = self._standing(one)
        missing = None if one.beside else undefined(one.statement.sides, rests)
        # what only looks for definitions asks nothing: shapes are inferred once
        asked = {"formula": text.text, "given": []} if self.surveys else record(text.text, spoken, rests, standing)
        self._item("claim", text, _place(one), one.label, record=asked,
                   rests=tuple(rests), names=spoken, note=note, doubt=doubt, missing=missing, standing=standing,
                   known=tuple(self.definitions.now) if missing else ())  # fmt: skip
        for each in one.beside:
            self._statement(each, None)

    def _standing(self, one: Written) -> Standing:
        """What holds here; `for x > 0` is a fact."""
        state = self.state
        layout = self.network.get("layout")
        return Standing(dict(state.shapes), tuple(state.facts), tuple(one.restrictions), layout)

    # --- items ------------------------------------------------------------------------------------------------------

    def _skip(self, one: Written, note: str) -> None:
        self._item("skipped", one.text, _place(one), one.label, note=note)

    def _fail(self, kind: Kind, one: Written, message: str) -> None:
        self._item(kind, one.text, _place(one), one.label, error=message, at=one.at if one.error else _place(one))

    def _item(self, kind: Kind, text: Mapped, place: Place, label: str = "", **more: Any) -> None:
        number, epoch = len(self.items) + 1, self.definitions.epoch
        self.items.append(Item(number, kind, text, place, label, epoch=epoch, **more))


def _place(one: Written) -> Place:
    return one.text.place(0, len(one.text))
