r"""The scene of definitions that somebody wrote: their functions and derivatives, over their arrays."""

from __future__ import annotations

from verify.graph.adjoints import Calculus, consumers_of, substituted
from verify.graph.nodes import Node
from verify.latex import Unreadable
from verify.latex import tree as t
from verify.meaning import arrays
from verify.meaning.arrays import Tensor
from verify.meaning.entries import acyclic, spelling_of
from verify.meaning.errors import Unsupported
from verify.meaning.given_arrays import GivenArrays
from verify.meaning.indices import spoken_letters
from verify.meaning.roles import spelling
from verify.meaning.scene import Env

MOST_ENTRIES = 20_000
_NUMBERS = frozenset(("e", "I", "1", "0", r"\pi"))
SCALAR_FUNCTIONS = frozenset("fLJECFHG") | {r"\ell", r"\mathcal{L}"}
"""Letters of unknown functions that make a number of a whole array; others work entry by entry."""


class GivenScene(GivenArrays):
    """A `Scene`: definitions at concrete sizes.  `value` and `number` are the evaluator's."""

    # --- functions ---

    def shapeless(self, node: t.Node) -> list[str]:
        """The letters of a formula that are numbers only because nothing defines them and nobody stated a shape."""
        found = dict.fromkeys(map(spelling, spoken_letters(node)))
        known = self.by_name.keys() | self.names.shapes.keys() | self.names.arrays.keys() | self.names.sizes
        return [name for name in found if name not in known and name not in _NUMBERS]

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
            return self._slope_of(head.operand, len(head.by), arguments, node)
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

    def _slope_of(self, function: t.Node, order: int, arguments: list[Tensor], node: t.Call) -> Tensor | None:
        """(ds/dx)(2): the derivative of a function of one argument, and then its value there."""
        base = function.base if isinstance(function, t.Scripted) else function
        name = spelling(base) if isinstance(base, t.Letter) else ""
        if name not in self.names.functions or len(self.names.functions[name].parameters) > 1:
            return self.slope_at(function, order, node.argument, arguments[0], {})
        return self._applied(name, order, arguments, node)

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
