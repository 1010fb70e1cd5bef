r"""The notations known by name, one row each: which letter plays which role, where layers and neurons are counted.

The printers read a row from left to right, a reader from right to left.  A letter is a LaTeX spelling: a key of
`derive.tables.glyphs`, `\bar{X}` or `\hat{y}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = Literal["bare", "round", "square", "left", "none"]
Corner = Literal["sub", "sup"]


@dataclass(frozen=True)
class Quantity:
    r"""How one role is written.

    `letter` is that of an entry, with `before` in front of it (the d of dz).  `layer` says where the number of the
    layer stands: w^2, w^{(2)}, w^{[2]}, {}^{2}w, or nowhere.  `indices` are the corners of the neuron's index, for a
    weight those of the neuron to and the neuron from.  `whole` and `whole_layer` replace letter and place where the
    vector or the matrix is written.  `fixed` is an index that always stands behind: bishop's bias w_{j0}; `last` is
    the number of the last column.
    """

    letter: str
    layer: Place
    indices: tuple[Corner, ...] = ("sub",)
    before: str = ""
    whole: str = ""
    whole_layer: Place | None = None
    fixed: str = ""
    fixed_corner: Corner = "sub"


@dataclass(frozen=True)
class Notation:
    r"""A row.

    `adjoint` is ∂E/∂a of a hidden layer, where it has a name.  `function` is written for the activation function where
    all layers have the same one; else each is written by its own symbol.  `output` is another name of the last
    activation, `input` of the first; they are printed where `prints_output` and `prints_input` say so.  `loss` comes
    first in `losses`, other letters follow.  `first` is the number of the first weights; the activation that a layer
    computes bears the layer's number plus `shift`.  `stacked` are the matrix with the bias as its last column and the
    activation with a 1 appended, if they have letters of their own.  `gradient` says how ∂E/∂W is written for a whole
    array, `bold` whether such arrays are.
    """

    name: str
    source: str
    input: Quantity
    pre_activation: Quantity
    activation: Quantity
    weight: Quantity
    bias: Quantity
    output: Quantity
    target: Quantity
    error: Quantity
    adjoint: Quantity
    function: str
    losses: tuple[str, ...]
    first: int
    shift: int = 0
    prints_input: bool = False
    prints_output: bool = False
    stacked: tuple[Quantity, Quantity] | None = None
    transpose: str = "T"
    gradient: Literal["fraction", "nabla"] = "fraction"
    bold: bool = False

    @property
    def loss(self) -> str:
        """The letter that is printed for the loss."""
        return self.losses[0]


_BOTH: tuple[Corner, ...] = ("sub", "sub")

_ROWS = (
    Notation(
        name="nielsen",
        source="Nielsen 2015, Neural Networks and Deep Learning, ch. 2",
        input=Quantity("x", "none"),
        pre_activation=Quantity("z", "bare"),
        activation=Quantity("a", "bare"),
        weight=Quantity("w", "bare", _BOTH),
        bias=Quantity("b", "bare"),
        output=Quantity("a", "bare"),
        target=Quantity("y", "none"),
        error=Quantity(r"\delta", "bare"),
        adjoint=Quantity(r"\gamma", "bare"),
        function=r"\sigma",
        losses=("C", "E"),
        first=2,
    ),
    Notation(
        name="ng",
        source="Ng 2017, Neural Networks and Deep Learning (deeplearning.ai), week 4",
        input=Quantity("x", "none"),
        pre_activation=Quantity("z", "square"),
        activation=Quantity("a", "square"),
        weight=Quantity("W", "square", _BOTH),
        bias=Quantity("b", "square"),
        output=Quantity(r"\hat{y}", "none"),
        target=Quantity("y", "none"),
        error=Quantity("z", "square", before="d"),
        adjoint=Quantity("a", "square", before="d"),
        function="g",
        losses=(r"\mathcal{L}", "J", "L"),
        first=1,
    ),
    Notation(
        name="goodfellow",
        source="Goodfellow, Bengio, Courville 2016, Deep Learning, 6.5",
        input=Quantity("x", "none"),
        pre_activation=Quantity("a", "round"),
        activation=Quantity("h", "round"),
        weight=Quantity("W", "round", _BOTH),
        bias=Quantity("b", "round"),
        output=Quantity(r"\hat{y}", "none"),
        target=Quantity("y", "none"),
        error=Quantity("g", "round"),
        adjoint=Quantity(r"\gamma", "round"),
        function="f",
        losses=("J", "L"),
        first=1,
        prints_output=True,
        transpose=r"\top",
        gradient="nabla",
        bold=True,
    ),
    Notation(
        name="bishop",
        source="Bishop 2006, Pattern Recognition and Machine Learning, 5.3",
        input=Quantity("x", "none"),
        pre_activation=Quantity("a", "round"),
        activation=Quantity("z", "round"),
        weight=Quantity("w", "round", _BOTH, whole="W"),
        bias=Quantity("w", "round", fixed="0"),
        output=Quantity("y", "none"),
        target=Quantity("t", "none"),
        error=Quantity(r"\delta", "round"),
        adjoint=Quantity(r"\gamma", "round"),
        function="h",
        losses=("E",),
        first=1,
        prints_output=True,
        bold=True,
    ),
    Notation(
        name="augmented",
        source="the bias as the last column of each weight matrix, a 1 appended to each layer's input",
        input=Quantity("x", "left", ("sup",), whole="X", whole_layer="round"),
        pre_activation=Quantity("z", "left"),
        activation=Quantity("x", "left", ("sup",), whole="X", whole_layer="round"),
        weight=Quantity("w", "left", ("sub", "sup"), whole="W", whole_layer="round"),
        bias=Quantity("w", "left", fixed="last", fixed_corner="sup"),
        output=Quantity("x", "left", ("sup",), whole="X", whole_layer="round"),
        target=Quantity("y", "none"),
        error=Quantity(r"\psi", "left"),
        adjoint=Quantity(r"\chi", "left"),
        function="a",
        losses=("E",),
        first=0,
        shift=1,
        stacked=(
            Quantity("w", "left", ("sub", "sup"), whole=r"\bar{W}", whole_layer="round"),
            Quantity("x", "left", ("sup",), whole=r"\bar{X}", whole_layer="round"),
        ),
    ),
)

NOTATIONS = {row.name: row for row in _ROWS}
