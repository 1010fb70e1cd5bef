"""The names of a text as values: arrays that are given, quantities that a line defines, functions known and unknown."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from sympy import Expr, Integer

from derive.equation import Equation
from derive.functions import unknown
from derive.named import Named, Opaque, number
from derive.symbols import Array, Index, Scalar
from verify.latex import splits
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning.errors import Meaningless, Misfit, Unsupported
from verify.meaning.given import SCALAR_FUNCTIONS
from verify.meaning.indices import letter_of
from verify.meaning.naming import Definition, pieces
from verify.meaning.roles import spelling
from verify.programs.axes import ONE, Axes, Axis
from verify.programs.places import Env, bound
from verify.programs.text import Text
from verify.programs.values import Algebra, Value, constant, late

_LETTERS = "ABCDEFGHMNPQRSTUVWXYZ"


@dataclass
class Made:
    """A quantity that a line defines, or that had to be named: its value by name, and what it is equal to.

    `letters` are the index letters of its left side as they were written.
    """

    name: str
    value: Value
    body: Value
    letters: tuple[str, ...] = ()
    running: dict[str, Expr] = field(default_factory=dict)
    ours: bool = False


class Quantities(ABC):
    """The part of the evaluator that knows names; `ranks` are the numbers of axes of letters without indices."""

    def __init__(self, text: Text, ranks: Mapping[str, int], naming: bool = True) -> None:
        self.text = text
        self.naming = naming
        self.names = text.names
        self.ranks = ranks
        self.sizes = frozenset(text.names.sizes)
        self.from_zero = text.from_zero
        self.means = text.means
        self.axes = Axes({*text.displayed, *self.sizes, *text.letters_used})
        self.algebra = Algebra(self.axes)
        self.made: list[Made] = []
        self.spread = 0
        self.used_functions: dict[str, Definition] = {}
        self._values: dict[str, Value] = {}
        self._building: list[str] = []
        self._bindings: list[dict[str, Value]] = []
        self._arrays: dict[str, Array | Scalar] = {}

    @abstractmethod
    def value(self, node: t.Node, env: Env) -> Value:
        """The value of a tree."""

    @abstractmethod
    def marked(self, value: Value, upper: tuple[t.Mark, ...], node: t.Node, env: Env) -> Value:
        """A transpose or a power."""

    @abstractmethod
    def picked(self, value: Value, long: tuple[Axis, ...], indices: tuple[t.Node, ...], env: Env) -> Value:
        """An entry."""

    # --- letters --------------------------------------------------------------------------------------------------

    def known(self, name: str) -> bool:
        """Whether the text defines a name, or says its shape."""
        return name in self.text.by_name or name in self.names.shapes or name in self.names.arrays

    def split(self, lower: t.Script, slots: int) -> tuple[t.Node, ...] | None:
        """The indices of a lower script: as many as there are slots, if it can be read so."""
        found = next(iter(splits(lower, slots)), None) if slots else None
        if found is None:
            plain = pieces(lower)
            found = plain if len(plain) <= slots else None
        return found

    def size_axis(self, node: t.Node) -> Axis:
        """The axis whose length a tree names."""
        if isinstance(node, t.Number) and node.digits.isdigit() and 0 < int(node.digits) < 10**7:
            return self.axes.named(int(node.digits))
        named = self.names.named(node) if isinstance(node, t.Letter | t.Scripted) else None
        if named is None or named[1] or named[2]:
            raise Unsupported(node, "the length of an axis is a number or a name, such as n")
        return self.axes.named(named[0])

    def quantity(self, node: t.Letter | t.Scripted, env: Env) -> Value | None:
        """A given or defined array, its entry, its transpose, or a power."""
        named = self.names.named(node)
        if named is None:
            return None
        name, indices, marks = named
        value = self._bound(name)
        if value is None:
            if name in self.text.functions or (name in self.names.opaque and name not in self.text.by_name):
                raise Unsupported(node, f"{name} is a function, and stands here without its argument")
            if name in self.sizes and not self.known(name):
                value = late(lambda: self.axes.length(self.axes.named(name)))
            else:
                value = self.array(name, node)
        if indices:
            long = value.long
            if len(indices) > len(long):
                raise Misfit(node, f"{name} has {len(long)} axes, but {len(indices)} indices")
            value = self.picked(value, long, indices, env)
        return self.marked(value, marks, node, env)

    def _bound(self, name: str) -> Value | None:
        return next((one[name] for one in reversed(self._bindings) if name in one), None)

    def array(self, name: str, node: t.Node) -> Value:
        """The whole of a name."""
        if name not in self._values:
            definition = self.text.by_name.get(name)
            self._values[name] = self._free(name) if definition is None else self._defined(name, definition)
        return self._values[name]

    def _free(self, name: str) -> Value:
        shape = self.names.shapes.get(name)
        if shape is not None:
            return self._named(name, tuple(self.axes.named(size) for size in shape))
        rank = self.ranks.get(name, self.names.arrays.get(name, 0))
        return self._named(name, tuple(self.axes.fresh() for _ in range(rank)))

    def _named(self, name: str, long: tuple[Axis, ...], axes: tuple[Axis, ...] | None = None) -> Value:
        """The value that a name stands for; `axes` say how a vector lies."""
        long = tuple(axis for axis in long if axis != ONE)
        if axes is None:
            axes = (*long, ONE) if len(long) == 1 else long
        if not long:
            return late(lambda: self.symbol(name, long))
        chosen = axes

        def entry(at: tuple[Expr, ...]) -> Expr:
            return self.symbol(name, long)[tuple(one for one, axis in zip(at, chosen, strict=True) if axis != ONE)]

        return Value(axes, entry, lambda: self.symbol(name, long))

    def symbol(self, name: str, long: tuple[Axis, ...]) -> Array | Scalar:
        """The array or number of `derive`, once the axes are known."""
        if name not in self._arrays:
            letter = self.text.display(name)
            spaces = tuple(self.axes.space(axis) for axis in long)
            self._arrays[name] = Named(letter, spaces) if long else number(letter)
        return self._arrays[name]

    # --- definitions ----------------------------------------------------------------------------------------------

    def _defined(self, name: str, definition: Definition) -> Value:
        if name in self._building:
            raise self.text.circle(name, definition)
        self._building.append(name)
        bindings, self._bindings = self._bindings, []
        try:
            made = self._by_entry(name, definition) if definition.indices else self._whole(name, definition)
        except Meaningless as error:
            raise self.text.placed(error, name) from None
        finally:
            self._building.pop()
            self._bindings = bindings
        self.made.append(made)
        return made.value

    def _by_entry(self, name: str, definition: Definition) -> Made:
        """x_i = …"""
        letters = tuple(letter_of(one) or "" for one in definition.indices)
        if len(set(letters)) < len(letters) or "" in letters:
            raise Unsupported(definition.left, "the indices of a left side are letters, each its own")
        shape = self.names.shapes.get(name)
        if shape is not None and len(shape) != len(letters):
            raise Misfit(definition.left, f"{name} has {len(shape)} axes, but {len(letters)} indices")
        long = tuple(self.axes.named(size) for size in shape) if shape else tuple(self.axes.fresh() for _ in letters)
        running: dict[str, Expr] = {}
        env: Env = {}
        for letter, axis in zip(letters, long, strict=True):
            self.axes.spoken(axis, letter)
            env[letter] = bound(axis, letter, running)
        value = self._named(name, long)
        body = self.value(self.text.bodies[name], env)
        if not body.number:
            raise Misfit(definition.body, f"an entry is a number, not an array of {self.algebra.shape(body)}")
        return Made(name, value, body, letters, running)

    def _whole(self, name: str, definition: Definition) -> Made:
        """z = W x + b, or L = L(Y)."""
        body = self._opaque(name, definition) if definition.opaque else self.value(self.text.bodies[name], {})
        shape = self.names.shapes.get(name)
        rank = self.names.arrays.get(name, len(body.long)) if shape is None else len(shape)
        if rank != len(body.long):
            found = self.algebra.shape(body)
            raise Misfit(definition.left, f"{name} is written with {rank} axes, but defined as {found}")
        value = self._named(name, body.long, body.axes if body.long else None)
        if shape is not None:
            self.algebra.join(value, self._named(name, tuple(self.axes.named(one) for one in shape)), "a definition")
        return Made(name, value, body)

    def _opaque(self, name: str, definition: Definition) -> Value:
        call = self.text.bodies[name]
        assert isinstance(call, t.Call)
        return self.unknown_number(name, call, {})

    def unknown_number(self, name: str, call: t.Call, env: Env) -> Value:
        """L(Y): a number that depends on whole arrays, or a function of numbers."""
        arguments = [self.value(one, env) for one in call.arguments]
        if all(one.number for one in arguments):
            return self.algebra.each(lambda *at: unknown(self.text.display(name), len(arguments))(*at), *arguments)
        pairs = zip(call.arguments, arguments, strict=True)
        kept = [(node, one) for node, one in pairs if not one.number]
        if len(kept) < len(arguments):
            raise Unsupported(call, f"{name} depends on arrays and on numbers, which is not derived")
        arrays = [self.named_array(one, "Y" if len(one.long) > 1 else "y", node, env) for node, one in kept]
        return late(lambda: Opaque(self.text.display(name), *(one() for one in arrays)))

    # --- what has to be named -------------------------------------------------------------------------------------

    def named_array(self, value: Value, letter: str, node: t.Node, env: Env) -> Callable[[], Array]:
        """The array that a value is; one that is computed is given a name first."""
        if value.array is not None:
            return value.array
        found = self.name_for(value, letter, node, env)
        assert found.array is not None
        return found.array

    def simple(self, value: Value, letter: str, node: t.Node, env: Env) -> Value:
        """The value under a name of its own where it is computed from others; as it is where that cannot be."""
        if value.array is not None or not value.long or not self.naming or self._speaks_of(node, env):
            return value
        return self.name_for(value, letter, node, env)

    def argument(self, value: Value, node: t.Node, env: Env) -> Value:
        """What a function of each entry is taken of: σ(W x + b) is σ(z), so that σ′(z) can be said of it."""
        products = any(isinstance(part, t.Multiplication) for part in walk(node))
        if not products or self._bindings:
            return value
        return self.simple(value, "A" if len(value.long) > 1 else "z", node, env)

    def name_for(self, value: Value, letter: str, node: t.Node, env: Env) -> Value:
        """A definition of our own, in front of the one that needs it."""
        if self._speaks_of(node, env) or self._bindings:
            raise Unsupported(node, "give this a name on a line of its own")
        taken = {*self.text.displayed, *(one.name for one in self.made), *self.text.letters_used, *self.sizes}
        name = next(one for one in chain((letter,), _LETTERS) if one not in taken)
        named = self._named(name, value.long, value.axes)
        self.made.append(Made(name, named, value, ours=True))
        return named

    @staticmethod
    def _speaks_of(node: t.Node, env: Env) -> bool:
        return any(letter_of(part) in env for part in walk(node))

    # --- functions ------------------------------------------------------------------------------------------------

    def defined_call(self, node: t.Call, head: t.Node, upper: tuple[t.Mark, ...], env: Env) -> Value | None:
        """A function of the text, or one of which nothing is known; None for any other."""
        name = spelling(head) if isinstance(head, t.Letter) else ""
        if any(isinstance(one, t.Prime) for one in upper) and (
            name in self.text.functions or name in self.names.opaque
        ):
            raise Unsupported(node, "the derivative of a function in a definition is not derived again")
        if name in self.text.by_name:
            return self.array(name, node)
        if name in self.text.functions:
            return self._applied(name, self.text.functions[name], node, env)
        if name in self.names.opaque and name in SCALAR_FUNCTIONS - self.text.entrywise:
            return self.unknown_number(name, node, env)
        if name in self.names.opaque:
            arguments = [self.argument(self.value(one, env), one, env) for one in node.arguments]
            function = unknown(self.text.display(name), len(arguments))
            return self.algebra.each(lambda *at: function(*at), *arguments)
        return None

    def _applied(self, name: str, definition: Definition, node: t.Call, env: Env) -> Value:
        arguments = [self.argument(self.value(one, env), one, env) for one in node.arguments]
        count = len(definition.parameters)
        if len(arguments) != count:
            raise Misfit(node, f"{name} has {count} arguments, not {len(arguments)}")
        if self.text.scalar(definition):
            self.used_functions.setdefault(name, definition)
            function = unknown(self.text.display(name), count)
            return self.algebra.each(lambda *at: function(*at), *arguments)
        if name in self._building:
            raise self.text.circle(name, definition)
        self._building.append(name)
        self._bindings.append(dict(zip(definition.parameters, arguments, strict=True)))
        try:
            return self.value(self.text.function_bodies[name], {})
        finally:
            self._bindings.pop()
            self._building.pop()

    def functions(self) -> list[Equation]:
        """The definitions of the functions that were used."""
        found = []
        waiting = list(self.used_functions)
        done: set[str] = set()
        while waiting:
            name = waiting.pop(0)
            if name in done:
                continue
            done.add(name)
            definition = self.used_functions[name]
            letters = [Scalar(_plain(one), "argument") for one in definition.parameters]
            self._bindings.append(
                {one: constant(letter) for one, letter in zip(definition.parameters, letters, strict=True)}
            )
            body = self.value(self.text.function_bodies[name], {})
            self._bindings.pop()
            found.append(Equation(unknown(self.text.display(name), len(letters))(*letters), body.only))
            waiting += [one for one in self.used_functions if one not in done]
        return found

    # --- the end --------------------------------------------------------------------------------------------------

    def equation(self, made: Made) -> Equation:
        """The definition of a quantity, once the axes are known."""
        long = made.value.long
        letters = made.letters or self._letters(long)
        indices = tuple(Index(letter, self.axes.space(axis)) for letter, axis in zip(letters, long, strict=True))
        made.running.update(zip(letters, indices, strict=True))
        self.algebra.avoided = frozenset(letters)
        left = self.symbol(made.name, long)
        if made.letters:
            return Equation(left[indices], made.body.only)
        return Equation(left[indices] if long else left, self._at(made.body, indices))

    def _letters(self, long: tuple[Axis, ...]) -> tuple[str, ...]:
        """The letters of spaces, different ones for axes of one space."""
        found: list[str] = []
        taken = {*self.text.displayed, *self.sizes}
        for axis in long:
            pool = (self.axes.space(axis).letter, *(one for one in "ijklpqrst" if one not in taken))
            found.append(next(one for one in pool if one not in found))
        return tuple(found)

    @staticmethod
    def _at(body: Value, indices: tuple[Expr, ...]) -> Expr:
        """The entry of a body at the indices of its long axes."""
        left = iter(indices)
        return body.entry(tuple(Integer(1) if axis == ONE else next(left) for axis in body.axes))


def _plain(name: str) -> str:
    """A parameter as an identifier that a function may have."""
    return name.lstrip("\\") if name.lstrip("\\").isidentifier() else "u"
