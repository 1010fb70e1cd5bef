r"""Candidates and settings of a network: a notation, its widths, and readable numbers for x, y, w and b.

Widths that are letters stand for every width.  They are given different small numbers, twice: entries that differ in
one index are different unknowns, so an identity between sums over them that holds at widths which leave room for every
index of a term holds at all (`docs/checking.md` gives the argument and its limit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from derive.tables.notations import NOTATIONS, Notation, Place
from verify.checking.assuming import Assuming
from verify.checking.choices import fractions, sizes
from verify.checking.question import Question
from verify.checking.settings import Candidate, Setting, Values
from verify.checking.uniform import MOST_ROOM, alike, raised, reach
from verify.graph.nodes import Graph, Node
from verify.graph.normal import NormalForm
from verify.latex import joined, resolved
from verify.latex import tree as t
from verify.latex.walk import mapped, walk
from verify.meaning.constants import CLASSES
from verify.meaning.evaluate import Evaluator
from verify.meaning.functions import CONSTANTS, KNOWN
from verify.meaning.indices import indices_of, letters_of, spoken_letters
from verify.meaning.naming import name_text
from verify.meaning.network import Network
from verify.meaning.roles import JOINED, Letters, spelling
from verify.meaning.stated import StatedNetwork, last_letter

SIZES = ((3, 2, 4, 5), (2, 4, 5, 3))
"""Numbers for the first widths that are letters; raised where a formula has more indices."""

MOST_CLASSES = 4
ALL_CLASSES = 40
"""So many classes are tried one by one where a formula tells them apart."""

MOST_POINTS = 16
WIDTH_LETTERS = ("n", "N", "d", "m")
COMMON = frozenset((r"\pi", "e", "I", "1", "0", "n", r"\delta"))
"""Letters that mean the same in every notation."""


class NetworkCandidate(Candidate):
    """A network read in one notation."""

    def __init__(self, question: Question, notation: str, strict: bool = True, sides: Sequence[t.Node] = (),
                 digits: bool = False) -> None:  # fmt: skip
        self.question = question
        self.row = NOTATIONS[notation]
        self._made = question, notation, strict, sides
        self.reach = reach(sides, self._is_width)
        self.room = self.reach.high if digits else self.reach.low
        self.conditions: list[t.Comparison] = []
        numbers = [int(one) for one in question.layers if not isinstance(one, str)]
        self.mentioned: frozenset[int] = frozenset(numbers)
        self.alike = True
        self.classes = frozenset(CLASSES) if LOSSES[question.loss].one_hot else frozenset()
        self.classes_alike = alike(*sides)
        self.raised = raised(self.room, min(map(min, SIZES)))
        self.name = notation
        self._joined = frozenset(one for one in _free_constants(question) if "_" in one)
        known = Letters(self.row, strict, _free_constants(question))
        self.arguments = _arguments([self._whole(side) for side in sides], known)
        self.letters = Letters(self.row, strict, (*_free_constants(question), *self.arguments))
        self.first = self.row.first if question.first_layer is None else question.first_layer
        self.every_width = any(isinstance(width, str) for width in question.layers)
        self.beyond = self.every_width and self.room > MOST_ROOM

    @property
    def larger(self) -> NetworkCandidate | None:
        """The same for numbers of several digits."""
        more = self.every_width and self.reach.high > self.room
        return NetworkCandidate(*self._made, digits=True) if more else None

    def _is_width(self, node: t.Node) -> bool:
        """n, n_l, or a letter that is a width."""
        letter = node.base if isinstance(node, t.Scripted) else node
        return isinstance(letter, t.Letter) and letter.name in {*WIDTH_LETTERS, *self._letters()}

    def tree(self, node: t.Node) -> t.Node:
        """Calls of the activation function told from products; d z joined to dz."""
        return resolved(joined(self._whole(node), JOINED), self._applies)

    def _whole(self, node: t.Node) -> t.Node:
        """The tree with z_0 as one letter where that is a constant of an activation."""
        if not self._joined:
            return node
        if isinstance(node, t.Scripted) and isinstance(node.base, t.Letter) and node.lower and not node.upper:
            name = name_text(node.base, node.lower).replace("{", "").replace("}", "")
            if name in self._joined:
                return replace(node.base, name=name, span=node.span)
        return mapped(node, self._whole)

    def _applies(self, head: t.Node) -> bool:
        return _head(head, self.letters)

    def stranger(self, node: t.Node) -> t.Node | None:
        """The first letter that has no role here, outside of indices and layers."""
        free = indices_of(node) | set(self._letters()) | COMMON
        for one in spoken_letters(node, self._is_loss):
            name = spelling(replace(one, accents=tuple(accent for accent in one.accents if accent != "dot")))
            known = name in self.letters.roles or name in self.letters.functions or name in free or one.name in free
            if not known and not (one.word and (one.font == "mathrm" or one.name.lower() in KNOWN)):
                return one
        return None

    def claims(self, left: t.Node) -> bool:
        """What has a role is claimed, other letters are defined."""
        return self.stranger(self.tree(left)) is None

    def _is_loss(self, node: t.Node) -> bool:
        """Whether a call is that of the loss, J(θ), of which the arguments do not matter."""
        base = node.function if isinstance(node, t.Call) else None
        base = base.base if isinstance(base, t.Scripted) else base
        return isinstance(base, t.Letter) and self.letters.roles.get(spelling(base)) == "E"

    def _letters(self) -> Iterator[str]:
        for width in self.question.layers:
            if isinstance(width, str):
                yield from (width, width.split("_")[0])
        if LOSSES[self.question.loss].one_hot:
            yield self.row.target.letter

    def settings(self) -> Iterator[Setting]:
        """One setting for each choice of widths, and for each class."""
        for counts in self._counts():
            widths = tuple(counts[width] if isinstance(width, str) else width for width in self.question.layers)
            for target in self._targets(widths[-1]):
                yield NetworkSetting(self, widths, counts, target)

    def _counts(self) -> Iterator[dict[str, int]]:
        letters = list(dict.fromkeys(width for width in self.question.layers if isinstance(width, str)))
        if not letters:
            yield {}
            return
        for setting in range(len(SIZES)):
            chosen = sizes(SIZES, setting)
            yield {letter: chosen[place] + self.raised for place, letter in enumerate(letters)}

    def _targets(self, outputs: int) -> list[int | None]:
        if not LOSSES[self.question.loss].one_hot:
            return [None]
        classes = range(1, outputs + 1)
        few = max(MOST_CLASSES, self.room) if self.classes_alike else ALL_CLASSES
        return [one for one in classes if one <= few or one == outputs]

    def reading(self) -> dict[str, Any]:
        """The notation, where the layers begin, the widths."""
        shift = self.row.shift
        return {
            "notation": self.name,
            "input": f"layer {self.first - 1 + shift}",
            "widths": list(self.question.layers),
            **({"for": "every width"} if self.every_width else {}),
        }


def _free_constants(question: Question) -> tuple[str, ...]:
    """The letters of constants of activations that were given no value."""
    found = {
        CONSTANTS.get(key, key)
        for name, given in question.activations
        for key, value in ACTIVATIONS[name].constants.items()
        if value is None and key not in dict(given)
    }
    return tuple(sorted(found))


def _arguments(sides: Sequence[t.Node], letters: Letters) -> tuple[str, ...]:
    """Letters that stand for any number: u in σ'(u) = σ(u)(1 − σ(u)), which speaks of no quantity of the network."""
    if any(
        letters.roles.get(spelling(one), "constant") != "constant" for side in sides for one in spoken_letters(side)
    ):
        return ()
    found: set[str] = set()
    for part in (part for side in sides for part in walk(side)):
        items = (
            part.bracket.items if isinstance(part, t.Applied) else part.arguments if isinstance(part, t.Call) else ()
        )
        found |= {spelling(one) for one in items if isinstance(one, t.Letter)}
    return tuple(sorted(found - set(letters.functions) - set(letters.constants) - COMMON))


def _head(head: t.Node, letters: Letters) -> bool:
    """Whether what stands before a bracket is a function."""
    if isinstance(head, t.Derivative):  # dσ/dz is a function, ∂C/∂a in front of a bracket is a factor
        operand = head.operand.base if isinstance(head.operand, t.Scripted) else head.operand
        return isinstance(operand, t.Letter) and spelling(operand) in letters.functions
    base = head.base if isinstance(head, t.Scripted) else head
    if not isinstance(base, t.Letter):
        return False
    name = spelling(replace(base, accents=tuple(accent for accent in base.accents if accent != "dot")))
    layered = isinstance(head, t.Scripted) and (
        head.lower is not None or head.left_upper or any(isinstance(mark, t.Raised) for mark in head.upper)
    )  # g^{(3)} is the error signal of a layer where g has that role, and no third derivative of a function
    if name in letters.functions and not (layered and letters.roles.get(name)):
        return True
    return letters.roles.get(name) == "E" or (base.word and name not in letters.roles)


class NetworkSetting(Assuming):
    """A network at concrete widths, read in a notation."""

    def __init__(
        self, candidate: NetworkCandidate, widths: tuple[int, ...], counts: dict[str, int], target: int | None
    ) -> None:
        question = candidate.question
        self.candidate = candidate
        self._cuts: dict[frozenset[Node], NormalForm] = {}
        self._layered: dict[int, tuple[t.Node, frozenset[str]]] = {}
        self.widths = widths
        self.first = candidate.first
        graph = Graph()
        label = labels(candidate.row, candidate.first, len(widths) - 1)
        self.network = Network(graph, widths, question.activations, question.loss, question.bias, label, target,
                               question.bias_only)  # fmt: skip
        scene = StatedNetwork(
            self.network,
            candidate.letters,
            candidate.first,
            counts | self._class(target),
            question.layout == "numerator",
        )
        self.scene = scene
        self.evaluator = Evaluator(scene)
        scene.number = self.evaluator.whole
        self.facts = self.network.facts
        self.assume(question.assume, candidate.conditions)

    def spoken(self, node: t.Node) -> t.Node:
        """The tree in the candidate's notation."""
        return self.candidate.tree(node)

    def _class(self, target: int | None) -> dict[str, int]:
        """In \\mathbb{1}[j = y] the letter y is the target class itself."""
        return {} if target is None else {self.candidate.row.target.letter: target}

    @cached_property
    def normal(self) -> NormalForm:
        """The exact judge: pre-activations are the unknowns, and everything else follows from them."""
        return self._judging(self.network.behind)

    def _judging(self, behind: Callable[[Node], Node | None], defined: Iterable[Node] = ()) -> NormalForm:
        """The exact judge that looks behind names in this way."""
        return NormalForm(self.graph, behind=behind, facts=self.facts, positive=self.positive, defined=defined)

    def quantities(self) -> list[Node]:
        """The first z and a of every layer, and the loss."""
        layers = range(1, self.network.depth + 1)
        return [self.network.loss, *(make(layer, 1) for layer in layers for make in (self.network.a, self.network.z))]

    def prepare(self) -> None:
        """A point gives every parameter of the network a number anyway."""

    def cutting(self, cut: frozenset[Node]) -> NormalForm:
        """The exact judge that does not look behind these names."""
        if cut not in self._cuts:
            behind = self.network.behind
            self._cuts[cut] = self._judging(lambda node: None if node in cut else behind(node))
        return self._cuts[cut]

    def knowing(self, nodes: list[Node]) -> NormalForm:
        """The exact judge where these nodes are taken to have a value."""
        return self._judging(self.network.behind, nodes)

    def layers(self) -> range:
        """All numbers that a layer bears in this notation."""
        return range(self.first - 1, self.first + len(self.widths))

    def hidden(self, number: int) -> bool:
        """Whether the layer is neither the input nor the output."""
        return 1 <= number - self.first + 1 < self.network.depth

    def layer_letters(self, node: t.Node) -> frozenset[str]:
        """The letters in the places of layers, but for L."""
        known = self._layered.get(id(node))
        if known is None or known[0] is not node:
            known = self._layered[id(node)] = node, self._layer_letters(node)
        return known[1]

    def _layer_letters(self, node: t.Node) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for one in walk(node):
            spoken = self.candidate.letters.spoken(one) if isinstance(one, t.Letter | t.Scripted) else None
            if spoken is not None and spoken.layer is not None:
                found |= letters_of(spoken.layer)
        return found - {last_letter(self.candidate.letters.constants)}

    def points(self) -> Iterator[Values]:
        """Numbers for every free variable of the network, in a few patterns."""
        for trial in range(MOST_POINTS):
            values = self.admitted(self._point(trial))
            if values is not None:
                yield values

    def _point(self, trial: int) -> Values:
        net = self.network
        values: Values = {}
        for j in range(1, self.widths[0] + 1):
            values[net.a(0, j)] = _INPUTS[(j + 2 * trial) % len(_INPUTS)]
        for layer in range(1, net.depth + 1):
            for j in range(1, self.widths[layer] + 1):
                for k in range(1, 1 if net.bias_only[layer - 1] else self.widths[layer - 1] + 1):
                    values[net.w(layer, j, k)] = _WEIGHTS[(3 * j + k + layer + 5 * trial) % len(_WEIGHTS)]
                if net.biased[layer - 1]:
                    values[net.b(layer, j)] = _BIASES[(j + layer + trial) % len(_BIASES)]
        values |= self._targets(trial)
        for place, name in enumerate(self.candidate.letters.constants):
            table = _ARGUMENTS if name in self.candidate.arguments else _CONSTANTS
            values[self.graph.atom(name)] = table[(place + trial) % len(table)]
        others = [node for node in self.graph.atoms if node not in values]  # constants of functions that no layer has
        return values | {node: _CONSTANTS[(place + trial) % len(_CONSTANTS)] for place, node in enumerate(others)}

    def _targets(self, trial: int) -> Values:
        net, count = self.network, self.widths[-1]
        if net.row.one_hot:
            return {}
        nodes = [net.y(j) for j in range(1, count + 1)]
        if net.row.normalised:
            parts = [Fraction(1 + (j + trial) % 3) for j in range(count)]
            return {node: part / sum(parts) for node, part in zip(nodes, parts, strict=True)}
        low, high = net.row.target
        signs = _SIGNS if trial < 4 else _LARGE
        choices = [one for one in _TARGETS if low < one < high] if not net.row.signs else list(signs)
        return {node: choices[(j + trial) % len(choices)] for j, node in enumerate(nodes)}

    def follow(self, nodes: list[Node]) -> list[Node]:
        """The pre-activations, activations and error signals among the nodes."""
        return [node for node in nodes if node.kind == "named"]


_INPUTS = fractions("1 2 -1 3 1/2 -2")
_WEIGHTS = fractions("1 1/2 -1 2 -1/2 3/2 1/3")
_BIASES = fractions("1/2 -1 1/4 1")
_TARGETS = fractions("1/4 1/2 3/4 1 0 2 -1")
_CONSTANTS = fractions("1/2 2 3")
_ARGUMENTS = fractions("1 -1/2 2 -3 1/3 -1")
_SIGNS = fractions("1 -1")
_LARGE = fractions("3 -2 2 -4")


def labels(row: Notation, first: int, depth: int) -> Callable[[str, int, tuple[int, ...]], str]:
    """Names of quantities as the notation writes them, in LaTeX."""
    fences: dict[Place, str] = {"bare": "^{%d}", "round": "^{(%d)}", "square": "^{[%d]}", "left": "", "none": ""}

    def label(role: str, layer: int, indices: tuple[int, ...]) -> str:
        if role == "E":
            return row.loss
        if role == "y":
            quantity = row.target
        elif role == "a" and layer == 0 and row.input.layer == "none":
            quantity = row.input
        else:
            quantity = {"w": row.weight, "b": row.bias, "z": row.pre_activation, "a": row.activation}[role]
        number = layer + first - 1 + (row.shift if role == "a" else 0)
        left = f"{{}}^{{{number}}}" if quantity.layer == "left" else ""
        upper = fences[quantity.layer] % number if "%" in fences[quantity.layer] else ""
        if role == "b" and quantity.fixed == "0":
            indices = (*indices, 0)
        text = ",".join(map(str, indices)) if max(indices, default=0) > 9 else "".join(map(str, indices))
        if quantity.layer == "left" and role == "w":
            return f"{left}{quantity.letter}^{{{indices[1]}}}_{{{indices[0]}}}"
        if quantity.layer == "left" and role == "a":
            return f"{left}{quantity.letter}^{{{indices[0]}}}"
        if role == "b" and quantity.fixed == "last":
            return f"{left}{quantity.letter}^{{b}}_{{{indices[0]}}}"
        return f"{left}{quantity.letter}{upper}_{{{text}}}"

    return label
