r"""Letters to roles in a notation: what w^2_{jk}, {}^{2}w^k_j, \hat{y}_j and dW^{[1]} are, before any number is known.

A row of `derive.tables.notations` is read from right to left.  Small letters, capitals and bold ones are the same
letter; `strict` keeps to the row, otherwise letters that other notations use for the loss and for δ are known too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from derive.tables.notations import Notation, Quantity
from verify.latex import tree as t

Role = Literal["x", "z", "a", "w", "b", "y", "o", "d", "g", "E", "dw", "db", "dx", "wide", "tall", "constant"]
"""wide is the weights with the bias as last column, tall an activation with a 1 appended; d is ∂E/∂z, g is ∂E/∂a."""

LAYERED = frozenset(("z", "a", "w", "b", "d", "g", "dw", "db", "wide", "tall"))
MATRICES = frozenset(("w", "dw", "wide"))
LOSSES = ("C", "E", "J", "L", r"\mathcal{L}", r"\ell", r"\mathcal{J}", r"\mathcal{E}", r"\mathcal{C}")
JOINED = frozenset(("dz", "dZ", "dw", "dW", "db", "da", "dA", "dx", "net"))
"""Names of several letters that the reader of a network joins."""


@dataclass(frozen=True)
class Spoken:
    """A quantity as it is written: its role, its layer, its indices and the marks that are left."""

    role: Role
    letter: str
    layer: t.Node | None = None
    lower: t.Script | None = None
    raised: t.Node | None = None
    marks: tuple[t.Mark, ...] = field(default=())

    @property
    def column(self) -> bool:
        """Whether these are the weights from one neuron, {}^{l}w^k, or the biases, {}^{l}w^{n+1}."""
        return self.role in ("w", "dw") and self.raised is not None and self.lower is None

    @property
    def kronecker(self) -> bool:
        r"""Whether this is Kronecker's \delta_{i,j}, and no error signal: two indices and no layer."""
        two = self.lower is not None and len(self.lower.items) == 2
        return self.role == "d" and self.letter == r"\delta" and two and self.layer is None and self.raised is None


def spelling(letter: t.Letter) -> str:
    r"""A letter as the rows spell it: \hat{y}, \mathcal{L}, w."""
    name = rf"\mathcal{{{letter.name}}}" if letter.font in ("mathcal", "mathscr") else letter.name
    for accent in letter.accents:
        name = rf"\{accent}{{{name}}}"
    return name


@dataclass(frozen=True)
class Letters:
    """The letters of one notation."""

    row: Notation
    strict: bool = True
    constants: tuple[str, ...] = ()

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Each spelling with its role; what comes first stays."""
        found: dict[str, Role] = {}
        pairs: list[tuple[Quantity, Role]] = [
            (self.row.pre_activation, "z"), (self.row.activation, "a"), (self.row.weight, "w"), (self.row.bias, "b"),
            (self.row.target, "y"), (self.row.error, "d"), (self.row.adjoint, "g"), (self.row.input, "x"),
            (self.row.output, "o")]  # fmt: skip
        for name in self.constants:
            found[name] = "constant"
        for quantity, role in pairs:
            for name in (quantity.letter, quantity.whole):
                if name and not quantity.before:
                    found.setdefault(name, role)
        wide, tall = self.row.stacked or (None, None)
        found |= ({wide.whole: "wide", tall.whole: "tall"}) if wide and tall else {}
        for name in (*self.row.losses, *(() if self.strict else LOSSES)):
            found.setdefault(name, "E")
        self._others(found)
        return found

    def _others(self, found: dict[str, Role]) -> None:
        """Capitals, dz and its kind, net and o, and what all notations understand."""
        for name, role in list(found.items()):
            other = name.swapcase() if len(name) == 1 else ""
            if other and role in ("z", "a", "w", "b", "x", "y", "o") and not (other == "T" or other in LOSSES):
                found.setdefault(other, role)
        for name in ("z", "w", "b", "a", "x"):
            if found.get(name) in ("z", "a", "w", "b", "x"):
                at = found[name]
                given: dict[Role, Role] = {"z": "d", "a": "g", "w": "dw", "b": "db", "x": "dx"}
                for spelled in (f"d{name}", f"d{name.upper()}"):
                    found.setdefault(spelled, given[at])
        found.setdefault("net", "z")
        if self.row.name != "augmented":
            found.setdefault("o", "o")
        if self.row.name == "ng" or not self.strict:
            found.setdefault(r"\delta", "d")
        if not self.strict:
            found.setdefault(r"\hat{y}", "o")

    @cached_property
    def functions(self) -> frozenset[str]:
        """The letters of the activation function."""
        always = (self.row.function, r"\sigma")
        return frozenset(always if self.strict else (*always, r"\phi", r"\varphi", "f", "g"))

    def spoken(self, node: t.Node) -> Spoken | None:
        """A quantity taken apart; None for what is none."""
        base = node.base if isinstance(node, t.Scripted) else node
        if not isinstance(base, t.Letter):
            return None
        name = spelling(base)
        role = self.roles.get(name)
        if role is None:
            return None
        if not isinstance(node, t.Scripted):
            return Spoken(role, name)
        if role == "E" and name == "L" and node.upper and not node.lower:
            return None
        return self._scripted(role, name, node)

    def _scripted(self, role: Role, name: str, node: t.Scripted) -> Spoken | None:
        layer: t.Node | None = None
        raised: t.Node | None = None
        marks: list[t.Mark] = []
        layered = role in LAYERED or (role == "x" and self.row.shift)
        if node.left_upper and isinstance(node.left_upper[0], t.Raised):
            layer = node.left_upper[0].body
        elif node.left_lower or node.left_upper:
            return None
        sup = self.row.shift and role in ("w", "dw", "a", "x", "y", "o", "tall")
        for mark in node.upper:
            if isinstance(mark, t.Raised) and layered and layer is None and not (sup and not mark.fence):
                layer = mark.body
            elif isinstance(mark, t.Raised) and sup and raised is None:
                raised = mark.body
            else:
                marks.append(mark)
        if role in ("w", "dw") and raised is None and self._whole_bias(node.lower):
            return Spoken("b" if role == "w" else "db", name, layer, None, None, tuple(marks))
        return Spoken(role, name, layer, node.lower, raised, tuple(marks))

    def _whole_bias(self, lower: t.Script | None) -> bool:
        r"""Whether weights with one index are the column of biases, \mathbf{w}_0."""
        return self.row.bias.fixed == "0" and lower is not None and lower.items == (t.Number("0"),)
