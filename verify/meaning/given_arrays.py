r"""The arrays of definitions that somebody wrote: their sizes, their entries as named nodes, and their indices.

A letter that is not defined is a free number, or an array where it has a shape or indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

from verify.graph.adjoints import Calculus
from verify.graph.nodes import Graph, Node
from verify.latex import Unreadable
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning import arrays
from verify.meaning.arrays import ShapeError, Tensor
from verify.meaning.definitions import meant
from verify.meaning.entries import label, lying
from verify.meaning.errors import Meaningless, Misfit, NoRole, OutOfRange, Unfit, Unsupported
from verify.meaning.functions import KNOWN
from verify.meaning.indices import letter_of
from verify.meaning.naming import Definition, Names
from verify.meaning.roles import spelling
from verify.meaning.scene import Env, Slot
from verify.meaning.sizes import Sizes, Token

Evaluate = Callable[[t.Node, Env], Tensor]


def above_a_number(name: str) -> str:
    """Why x^T of an x that nothing tells to be an array is not computed."""
    return f"T above {name} may be a transpose or a power: nobody stated its shape, as in --shape {name}=n"


class GivenArrays:
    """Definitions at concrete sizes.  `value` and `number` are the evaluator's."""

    def __init__(self, names: Names, sizes: Sizes, choices: tuple[int, ...], numerator: bool = False) -> None:
        self.graph = Graph()
        self.names = names
        self.sizes = sizes
        self.numbers = sizes.numbers(choices)
        self.numerator = numerator
        self.by_name = {one.name.text: one for one in names.definitions}
        self.bodies = {one.name.text: meant(names, one.body) for one in names.definitions}
        self.functions = {name: meant(names, one.body) for name, one in names.functions.items()}
        self.value: Evaluate
        self.number: Callable[[t.Node, Env], int | None]
        self._arrays: dict[str, Tensor] = {}
        self._building: list[str] = []
        self._bodies: dict[tuple[str, int], Node] = {}
        self._calculus: Calculus | None = None
        self._program: set[Node] = set()
        self._owners: dict[Node, str] = {}
        self._places: dict[Node, tuple[int, ...]] = {}
        self._single: set[str] = set()
        self.other: Calculus | None = None

    # --- sizes ---

    def size(self, token: Token) -> int | None:
        """The number of a class of sizes."""
        return self.numbers.get(self.sizes.root(token))

    def shape(self, name: str) -> tuple[int, ...]:
        """The sizes of an array's axes."""
        found = []
        for axis in range(self.names.arrays.get(name, 0)):
            size = self.size(("axis", name, axis))
            found.append(3 if size is None else size)
        return tuple(found)

    def extent(self, name: str) -> tuple[int, ...]:
        """The sizes through which the indices of a name run; of a whole array that is defined, those that it has."""
        definition = self.by_name.get(name)
        if definition is None or definition.indices or definition.opaque or name in self._building:
            return self.shape(name)
        try:
            sizes = self.array(name).shape
        except (ShapeError, Meaningless):  # told where the value is asked for
            return self.shape(name)
        if name in self._single:
            return (1,) * self.names.arrays.get(name, 1)
        if not sizes or None in sizes:
            return self.shape(name)
        long = tuple(one for one in sizes if one is not None)
        row = len(self.names.shapes.get(name, ())) == 2
        return long if row or 1 not in long or self.names.arrays.get(name, 1) > 1 else (long[0] * long[1],)

    def single(self, name: str) -> bool:
        """Whether an array that is defined has one entry."""
        return name in self._single

    def whole(self, node: t.Node, env: Env) -> int | None:
        """The number that a name of a size stands for."""
        named = self.names.named(node)
        if named is None or named[1] or named[2] or named[0] in self.by_name or named[0] in self.names.arrays:
            return None
        return self.size(("size", named[0])) if named[0] in self.names.sizes else None

    # --- quantities ---

    def quantity(self, node: t.Node, env: Env) -> Tensor | None:
        """A defined or free number, an array, or its entry."""
        named = self.names.named(node)
        if named is None:
            return None
        if isinstance(node, t.Scripted) and node.lower is not None and self.names.unit(node):
            if self.number(node.lower.items[0], env) is None:
                raise Unsupported(node, "nothing tells the size of an array here")
            return None
        name, indices, marks = named
        base = node.base if isinstance(node, t.Scripted) else node
        if isinstance(base, t.Letter) and not self._known(name) and self._strange(base):
            return None
        if name in self.names.opaque and name not in self.by_name:
            return self._of_opaque(name) if not indices and not marks else None
        if name in self.names.functions:
            return None
        if self.whole(node, env) is not None or (name in ("e", r"\pi", "I", "1") and not self._known(name)):
            return None
        if name == r"\delta" and len(indices) == 2 and not self._known(name):
            return None
        found = self.array(name)
        if indices and len(indices) < len(self.extent(name)):
            found = self._slice(found, name, indices, env)
        elif indices:
            found = arrays.number(self._entry(found, name, indices, env))
        for mark in marks:
            found = self._with_mark(found, mark, node, env)
        return found

    def _strange(self, base: t.Letter) -> bool:
        r"""Whether a letter cannot be a number: \exp, \mathbb{E}, \dot x."""
        word = base.name.lstrip("\\").lower()
        return word in KNOWN or base.font == "mathbb" or "dot" in base.accents or "ddot" in base.accents

    def _of_opaque(self, name: str) -> Tensor | None:
        """L alone, of an L(w) that stands somewhere: the same function of the same."""
        for tree in self.names.trees:
            for part in walk(meant(self.names, tree)):
                if isinstance(part, t.Call) and isinstance(part.function, t.Letter) and spelling(part.function) == name:
                    return self._applied(name, 0, [self.value(one, {}) for one in part.arguments], part)
        return None

    def _known(self, name: str) -> bool:
        return name in self.by_name or name in self.names.shapes

    def _with_mark(self, value: Tensor, mark: t.Mark, node: t.Node, env: Env) -> Tensor:
        if isinstance(mark, t.Raised):
            count = self.number(mark.body, env)
            power = self.graph.number(count) if count is not None else self.value(mark.body, env).only
            if len(value.shape) == 2 and value.shape[0] == value.shape[1] and not value.scalar:
                if count == -1:
                    return arrays.inverse(value)
                if mark.fence == "" and count in (1, 2, 3, 4):
                    return reduce(arrays.times, [value] * count)
                if mark.fence == "":
                    raise Unsupported(mark, "this power of a matrix is not computed")
            return arrays.each(lambda u: self.graph.raised(u, power), value)
        if isinstance(mark, t.Transpose) and mark.spelling == "T" and value.shape == ():
            named = self.names.named(node)
            raise Unsupported(node, above_a_number("x" if named is None else named[0]))
        if isinstance(mark, t.Transpose) or not value.scalar:
            return arrays.transpose(value)
        raise Unsupported(node, "a prime on what is no function")

    def array(self, name: str) -> Tensor:
        """The whole of a name."""
        if name not in self._arrays:
            definition = self.by_name.get(name)
            self._arrays[name] = self._free(name) if definition is None else self._defined(name, definition)
        return self._arrays[name]

    def _free(self, name: str) -> Tensor:
        shape = self.shape(name)
        if not shape:
            return arrays.number(self._owned(self.graph.atom(name), name, ()))
        return lying(self.graph, shape, lambda place: self._owned(self.graph.atom(label(name, place)), name, place))

    def _owned(self, node: Node, name: str, place: tuple[int, ...]) -> Node:
        self._owners[node], self._places[node] = name, place
        return node

    def _defined(self, name: str, definition: Definition) -> Tensor:
        if name in self._building:
            raise Unreadable(f"{name} is defined by itself", 0, 0)
        self._building.append(name)
        try:
            return self._made(name, definition)
        except (Misfit, ShapeError) as error:  # nothing is claimed there, so no claim is wrong for it
            raise Unfit(t.Letter(name), f"the definition of {name} does not fit: {error}") from None
        except NoRole as error:
            raise Unreadable(f"in the definition of {name}: {error.message}", 0, 0) from None
        finally:
            self._building.pop()

    def _made(self, name: str, definition: Definition) -> Tensor:
        if name in self.names.late:
            return self._late(name, definition)
        if definition.indices:
            shape = self.shape(name)
            return lying(self.graph, shape, lambda place: self._named(name, place, self._by_entry(definition, place)))
        if definition.opaque:
            return arrays.number(self._named(name, (), lambda: self._opaque(definition)))
        body = self.value(self.bodies[name], {})
        if body.scalar:
            if body.shape:  # one entry is a number, and x_1 is the same
                self._single.add(name)
            return arrays.number(self._named(name, (), lambda: body.only))
        if None in body.shape:
            raise Unsupported(definition.left, "nothing tells the size of this array")
        kept = 1 if len(body.shape) == 2 and body.shape[1] == 1 and len(self.names.shapes.get(name, ())) < 2 else None
        return Tensor(self.graph, body.shape, lambda place: self._named(name, place[:kept], lambda: body[place]))

    def _late(self, name: str, definition: Definition) -> Tensor:
        """δ = ∂L/∂z: a name for a derivative is no quantity that others are derived through."""
        if not definition.indices:
            return self.value(self.bodies[name], {})
        return lying(self.graph, self.shape(name), lambda place: self._by_entry(definition, place)())

    def _named(self, name: str, place: tuple[int, ...], body: Callable[[], Node]) -> Node:
        node = self.graph.named(label(name, place) if place else name, body)
        self._program.add(node)
        return self._owned(node, name, place)

    def _by_entry(self, definition: Definition, place: tuple[int, ...]) -> Callable[[], Node]:
        letters = [letter_of(one) or "" for one in definition.indices]
        env = dict(zip(letters, (at + 1 for at in place), strict=False))
        return lambda: self.value(self.bodies[definition.name.text], env).only

    def _opaque(self, definition: Definition) -> Node:
        body = self.bodies[definition.name.text]
        assert isinstance(body, t.Call)
        inputs = [node for one in body.arguments for node in arrays.entries(self.value(one, {}))]
        return self.graph.opaque(definition.name.text, tuple(inputs))

    def _slice(self, array: Tensor, name: str, indices: tuple[t.Node, ...], env: Env) -> Tensor:
        """w_k of a matrix w: its row, as a column."""
        numbers = [self.number(index, env) for index in indices]
        sizes = self.extent(name)
        if None in numbers or not all(1 <= (one or 0) <= size for one, size in zip(numbers, sizes, strict=False)):
            raise OutOfRange(indices[0], f"{name} has no such row", "index")
        front = tuple((one or 1) - 1 for one in numbers)
        return lying(self.graph, sizes[len(front) :], lambda place: array[(*front, *place)])

    def _entry(self, array: Tensor, name: str, indices: tuple[t.Node, ...], env: Env) -> Node:
        numbers = []
        for index in indices:
            number = self.number(index, env)
            if number is None:
                raise Unsupported(index, "this index is no whole number")
            numbers.append(number)
        sizes = self.extent(name) or array.sizes
        if len(numbers) == 1 and len(sizes) == 2 and sizes[1] == 1:
            sizes = sizes[:1]
        if len(numbers) != len(sizes):
            raise OutOfRange(indices[0], f"{name} needs {len(sizes)} indices, not {len(numbers)}", "index")
        for index, number, size in zip(indices, numbers, sizes, strict=True):
            if not 1 <= number <= size:
                return self._beyond(name, tuple(numbers), index)
        if not array.shape:
            return array.only
        place = tuple(number - 1 for number in numbers)
        if len(array.shape) != len(place):
            place = (0, *place) if array.shape[0] == 1 and place != (0,) else (*place, 0)
        return array[place]

    def _beyond(self, name: str, numbers: tuple[int, ...], index: t.Node) -> Node:
        """h_0 before the first of a recursion is a number that is given; anything else beyond the ends is not there."""
        if name in self.by_name and 0 in numbers and min(numbers) == 0:
            return self.graph.atom(label(name, tuple(one - 1 for one in numbers)))
        raise OutOfRange(index, f"{name} has no such entry", "index")

    def slots(self, node: t.Node, env: Env) -> Iterator[Slot]:
        """The indices of an array, with the range of each."""
        named = self.names.named(node)
        if named is None or not named[1] or (named[0] == r"\delta" and not self._known(named[0])):
            return
        if self.names.unit(node):  # as long as what it meets, which says how far the index runs
            return
        shape = self.extent(named[0]) or self.array(named[0]).sizes
        for index, size in zip(named[1], shape, strict=False):
            yield index, 1, size

    # --- functions ---

    def _applied(self, name: str, order: int, arguments: list[Tensor], node: t.Node) -> Tensor:
        raise NotImplementedError
