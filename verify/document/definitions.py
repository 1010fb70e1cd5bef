"""The definitions that a text has made so far, and which of them a formula rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from verify.document.symbols import Key, Name, Symbol, defined_names
from verify.latex import Statement, read


@dataclass(frozen=True)
class Definition:
    """One definition: its symbol, its LaTeX, the letters that it speaks of, where it stands.

    `number` is that of its row, and no other definition has it; `epoch` counts how often everything has been forgotten
    before.  `readable` is false where the right side is not known, `prose` true where it stands in a sentence.
    """

    number: int
    symbol: Symbol
    latex: str
    names: frozenset[Name]
    line: int = 0
    epoch: int = 0
    readable: bool = True
    prose: bool = False

    @property
    def own(self) -> tuple[Name, ...]:
        """The names of what it defines."""
        return defined_names(self.symbol)


@lru_cache(maxsize=4096)
def parsed(latex: str) -> Statement:
    """The first statement of a definition that can be read; many claims ask about the same few."""
    return read(latex).statements[0]


@dataclass
class Definitions:
    """What is defined now, in the order of the text; `history` keeps what was forgotten, too."""

    history: list[Definition] = field(default_factory=list)
    epoch: int = 0
    _by_key: dict[Key, Definition] = field(default_factory=dict)
    _by_name: dict[Name, list[Definition]] = field(default_factory=lambda: defaultdict(list))

    def knows(self, symbol: Symbol) -> Definition | None:
        """The definition that a symbol has: its own, its array's, or for σ² that of σ."""
        keys = (symbol.key, symbol.powerless, symbol.family)
        return next((self._by_key[key] for key in keys if key in self._by_key), None)

    def add(self, definition: Definition) -> list[Definition]:
        """Takes a definition; gives back those that are forgotten with an older one of the same symbol."""
        old = self._by_key.get(definition.symbol.key)
        gone = self._resting_on(old) if old is not None else []
        for one in gone:
            del self._by_key[one.symbol.key]
            for name in one.own:
                self._by_name[name].remove(one)
        self._by_key[definition.symbol.key] = definition
        for name in definition.own:
            self._by_name[name].append(definition)
        self.history.append(definition)
        return gone

    def _resting_on(self, old: Definition) -> list[Definition]:
        """A definition and those that are made with it."""
        gone, names = [old], set(old.own)
        while more := [one for one in self._by_key.values() if one not in gone and one.names & names]:
            gone += more
            names |= {name for one in more for name in one.own}
        return gone

    def forget(self) -> None:
        """Forgets everything."""
        self._by_key, self._by_name = {}, defaultdict(list)
        self.epoch += 1

    @property
    def now(self) -> list[Definition]:
        """Everything that is defined now, in the order of the text."""
        return sorted(self._by_key.values(), key=lambda one: one.number)

    def under(self, names: frozenset[Name]) -> list[Definition]:
        """The definitions that a formula with these letters rests on, in the order of the text."""
        return closure(self._by_name, names)

    def following(
        self, names: frozenset[Name], number: int, epoch: int, known: Iterable[Definition]
    ) -> list[Definition]:
        """What a formula with these letters rests on if the first definitions behind row `number` count as well."""
        return resting(names, self.behind(number, epoch, known))

    def behind(self, number: int, epoch: int, known: Iterable[Definition]) -> list[Definition]:
        """The known definitions, and the first one behind row `number` of each other symbol."""
        first: dict[Key, Definition] = {one.symbol.key: one for one in known}
        for one in self.history:
            if one.number > number and one.epoch == epoch:
                first.setdefault(one.symbol.key, one)
        return list(first.values())


def resting(names: Iterable[Name], among: Iterable[Definition]) -> list[Definition]:
    """Those of some definitions that a formula with these letters rests on."""
    by_name: dict[Name, list[Definition]] = defaultdict(list)
    for one in among:
        for name in one.own:
            by_name[name].append(one)
    return closure(by_name, names)


def closure(by_name: dict[Name, list[Definition]], names: Iterable[Name]) -> list[Definition]:
    """The definitions of these letters, and of the letters that stand in those, in the order of the text."""
    waiting, met = list(names), set(names)
    chosen: dict[Key, Definition] = {}
    while waiting:
        for one in by_name.get(waiting.pop(), ()):
            chosen[one.symbol.key] = one
            waiting += one.names - met
            met |= one.names
    return sorted(chosen.values(), key=lambda one: one.number)
