r"""The scene of definitions that somebody wrote: every entry of what is defined is a named node.

A letter that is not defined is a free number, or an array where it has a shape or indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

from verify.graph.adjoints import Calculus, consumers_of, substituted
from verify.graph.nodes import Graph, Node
from verify.latex import Unreadable
from verify.latex import tree as t
from verify.latex.walk import walk
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.definitions import meant
from verify.meaning.entries import acyclic, label, lying, spelling_of
from verify.meaning.errors import OutOfRange, Unsupported
from verify.meaning.functions import KNOWN
from verify.meaning.indices import letter_of
from verify.meaning.naming import Definition, Names
from verify.meaning.roles import spelling
from verify.meaning.scene import Env, Slot
from verify.meaning.sizes import Sizes, Token

Evaluate = Callable[[t.Node, Env], Tensor]
MOST_ENTRIES = 20_000
SCALAR_FUNCTIONS = frozenset("fLJECFHG") | {r"\ell", r"\mathcal{L}"}
"""Letters of unknown functions that make a number of a whole array; others work entry by entry."""


class GivenScene:
    """A `Scene`: definitions at concrete sizes.  `value` and `number` are the evaluator's."""

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
        if indices and len(indices) < len(self.shape(name)):
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
            raise Unsupported(node, "T above a number may be a transpose or a power; state the shapes of arrays")
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
            return arrays.number(self._named(name, (), lambda: body.only))
        if None in body.shape:
            raise Unsupported(definition.left, "nothing tells the size of this array")
        return Tensor(self.graph, body.shape, lambda place: self._named(name, place, lambda: body[place]))

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
        sizes = self.shape(name)
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
        sizes = self.shape(name) or array.sizes
        if len(numbers) == 1 and len(sizes) == 2 and sizes[1] == 1:
            sizes = sizes[:1]
        if len(numbers) != len(sizes):
            raise OutOfRange(indices[0], f"{name} needs {len(sizes)} indices, not {len(numbers)}", "index")
        for index, number, size in zip(indices, numbers, sizes, strict=True):
            if not 1 <= number <= size:
                return self._beyond(name, tuple(numbers), index)
        place = tuple(number - 1 for number in numbers)
        return array[place if len(array.shape) == len(place) else (*place, 0)]

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
        shape = self.shape(named[0]) or self.array(named[0]).sizes
        for index, size in zip(named[1], shape, strict=False):
            yield index, 1, size

    # --- functions ---

    def ignores(self, head: t.Node) -> bool:
        """Whether this is a number that is written with what it depends on, L(Y), f(x)."""
        base = head.base if isinstance(head, t.Scripted) else head
        name = spelling(base) if isinstance(base, t.Letter) else ""
        return name in self.by_name and (name in self.names.opaque or name in self.names.said)

    def applies(self, head: t.Node) -> bool:
        """Whether a letter is a function of the definitions."""
        base = head.base if isinstance(head, t.Scripted) else head
        name = spelling(base) if isinstance(base, t.Letter) else ""
        return name in self.names.functions or (name in self.names.opaque and name not in self.by_name)

    def call(self, node: t.Call, arguments: list[Tensor], env: Env) -> Tensor | None:
        """A function of the definitions or an opaque one, with its primes."""
        head = node.function
        if isinstance(head, t.Derivative):
            if len(arguments) != 1 or any(one.times is not None for one in head.by) or head.order is not None:
                raise Unsupported(head, "only first derivatives of a function are taken at an argument")
            return self.slope_at(head.operand, len(head.by), node.argument, arguments[0], env)
        base = head.base if isinstance(head, t.Scripted) else head
        name = spelling(base) if isinstance(base, t.Letter) else ""
        upper = head.upper if isinstance(head, t.Scripted) else ()
        order = sum(mark.count for mark in upper if isinstance(mark, t.Prime))
        marks = [mark for mark in upper if not isinstance(mark, t.Prime)]
        known = name in self.names.functions or name in self.names.opaque or name in self.by_name
        if known and (marks or (isinstance(head, t.Scripted) and head.lower is not None)):
            raise Unsupported(head, "a script on a function may be a power, an inverse or an index")
        if self.ignores(head):
            return self.array(name) if not order else None
        if name in self.names.functions or name in self.names.opaque:
            return self._applied(name, order, arguments, node)
        return None

    def _applied(self, name: str, order: int, arguments: list[Tensor], node: t.Node) -> Tensor:
        if order and len(arguments) != 1:
            raise Unsupported(node, "a prime on a function of several arguments")
        if name in self.names.opaque:
            places = (0,) * order
            if name in SCALAR_FUNCTIONS and not order:
                inputs = tuple(one for array in arguments for one in arrays.entries(array))
                return arrays.number(self.graph.opaque(name, inputs))
            return arrays.each(lambda *at: self.graph.opaque(name, at, places), *arguments)
        parameters = self.names.functions[name].parameters
        if len(arguments) != len(parameters):
            raise Unsupported(node, f"{name} has {len(parameters)} arguments, not {len(arguments)}")
        body = self._function(name, order)
        atoms = [self.graph.atom(one) for one in parameters]
        if not all(one.scalar for one in arguments):
            self._only_elementwise(name, node)
        return arrays.each(lambda *at: substituted(body, dict(zip(atoms, at, strict=True))), *arguments)

    def _only_elementwise(self, name: str, node: t.Node) -> None:
        if any(parameter in self.names.arrays for parameter in self.names.functions[name].parameters):
            raise Unsupported(node, "functions of whole arrays are not computed at other arguments")

    def _function(self, name: str, order: int) -> Node:
        """A function's body, or its derivative, over its parameters as free numbers."""
        if (name, order) not in self._bodies:
            if name in self._building:
                raise Unreadable(f"{name} is defined by itself", 0, 0)
            self._building.append(name)
            kept = dict(self._arrays)
            for one in self.names.functions[name].parameters:
                if one not in self.names.arrays:  # the parameter, whatever else bears its name
                    self._arrays[one] = arrays.number(self.graph.atom(one))
            body = self.value(self.functions[name], {})
            self._arrays = kept
            self._building.pop()
            if not body.scalar:
                raise Unsupported(self.names.functions[name].left, "functions with arrays as values are not computed")
            found = body.only
            for _ in range(order):
                found = self.total(found, self.graph.atom(self.names.functions[name].parameters[0]))
            self._bodies[name, order] = found
        return self._bodies[name, order]

    def slope_at(self, function: t.Node, order: int, variable: t.Node, at: Tensor, env: Env) -> Tensor | None:
        """ds/dx of a function that is named without its argument."""
        base = function.base if isinstance(function, t.Scripted) else function
        name = spelling(base) if isinstance(base, t.Letter) else ""
        parameters = self.names.functions[name].parameters if name in self.names.functions else ()
        if parameters and (len(parameters) > 1 or spelling_of(variable) != parameters[0]):
            named = spelling_of(variable)
            leaf = self.graph.atom(named) if named in parameters else self.value(variable, env).only
            whole = self._function(name, 0)
            for _ in range(order):
                whole = self.total(whole, leaf)
            return arrays.number(whole)
        scalar = name in self.names.opaque and name in SCALAR_FUNCTIONS
        return self._applied(name, order, [at], function) if self.applies(function) and not scalar else None

    # --- derivatives ---

    @property
    def program(self) -> list[Node]:
        """Every entry of everything that is defined."""
        for name in self.by_name.keys() - self.names.late:
            array = self.array(name)
            if arrays.flat_size(array) > MOST_ENTRIES:
                raise Unsupported(self.by_name[name].left, "this array is too large")
            for place in array.places():
                self.graph.body(array[place])
        return list(self._program)

    @property
    def calculus(self) -> Calculus:
        """Derivatives through the definitions; refuses those that go in circles."""
        if self._calculus is None:
            program = self.program
            acyclic(self.graph, program)
            self._calculus = Calculus(self.graph, consumers_of(self.graph, program))
        return self._calculus

    def total(self, of: Node, by: Node) -> Node:
        """A derivative through every path."""
        return (self.other or self.calculus).total(of, by)

    def place(self, node: Node) -> tuple[int, ...]:
        """The indices of a node."""
        return self._places.get(node, ())

    def family(self, node: Node) -> str:
        """The name that a node is an entry of."""
        return self._owners.get(node, "")

    def is_leaf(self, node: Node) -> bool:
        """Free numbers and what is defined."""
        return node.kind == "atom" or node in self._program

    def independent(self, node: Node) -> bool:
        """Nothing is known of what is defined."""
        return False

    def gradient_variable(self, operand: t.Node) -> t.Node | None:
        r"""\nabla f: by x if there is one, else by the usual letters, else by the only array."""
        used = [one for one in self.names.arrays if one not in self.by_name]
        for name in ("x", "w", r"\theta", "W", "z", "X", "v", "u"):
            if name in used:
                return t.Letter(name)
        return t.Letter(used[0]) if len(used) == 1 else None
