r"""How each notation writes a quantity: letters, layers and indices, with the liberties that people take.

A `Style` holds what one author does everywhere in one formula; `Names` writes quantities of a network in it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.generator.expressions import At, Layer, Ref
from tests.generator.worlds import Net


@dataclass(frozen=True)
class Letters:
    """One notation: letters by role, the usual place of a layer, and the number of the first weights."""

    z: str
    a: str
    w: str
    delta: str
    y: str
    output: str
    function: tuple[str, ...]
    losses: tuple[str, ...]
    place: str
    first: int
    transpose: str = "T"


NOTATIONS = {
    "nielsen": Letters("z", "a", "w", r"\delta", "y", "", (r"\sigma",), ("C", "C", "E"), "bare", 2),
    "ng": Letters("z", "a", "W", r"\delta", "y", r"\hat{y}", ("g", "g", r"\sigma"), ("J", r"\mathcal{L}"), "square", 1),
    "goodfellow": Letters("a", "h", "W", "", "y", r"\hat{y}", ("f", "f", r"\sigma"), ("J", "L"), "round", 1, r"\top"),
    "bishop": Letters("a", "z", "w", r"\delta", "t", "y", ("h", "h", r"\sigma"), ("E",), "round", 1),
    "augmented": Letters("z", "x", "w", r"\psi", "y", "", ("a",), ("E",), "left", 0),
}


@dataclass(frozen=True)
class Style:
    """What one author does everywhere."""

    notation: str = "nielsen"
    place: str = "bare"
    braces: bool = False
    lower_first: bool = False
    separator: str = ""
    bold: bool = False
    capital: bool = False
    transpose: str = "T"
    transpose_at: str = "bracket"
    prime: str = "'"
    partial: str = r"\partial"
    derivative: str = "frac"
    loss: str = "C"
    function: str = r"\sigma"
    function_layer: bool = False
    bracket: str = "plain"
    gap: str = " "
    odot: str = r"\odot"
    input_name: bool = True
    output_name: bool = True
    last_letter: bool = False
    d_form: bool = False
    delta_form: bool = False
    exponential: str = "e"
    logarithm: str = r"\log"
    sign: str = r"\operatorname{sign}"
    absolute: str = "bar"
    indicator: str = "square"
    kronecker: str = "delta"
    division: str = "frac"
    diag: str = r"\operatorname{diag}"
    hat: str = r"\hat{y}"
    unicode: bool = False
    tight: bool = False
    end: str = ""
    equals: str = "="
    upper_target: bool = False


def random_style(rng: random.Random, notation: str, auto: bool = False) -> Style:
    """A random author; with `auto` one whose letters and layers are the usual ones of the notation."""
    row = NOTATIONS[notation]
    free = {"nielsen": ("bare", "bare", "bare", "round", "square"), "ng": ("square",) * 5 + ("bare", "round"),
            "goodfellow": ("round",) * 5 + ("bare", "square"), "bishop": ("round",) * 5 + ("bare", "square"),
            "augmented": ("left",)}[notation]  # fmt: skip
    some = rng.random
    return Style(
        notation=notation,
        place=row.place if auto else rng.choice(free),
        braces=some() < 0.35,
        lower_first=some() < 0.2,
        separator=rng.choice(("", "", "", ",", " ", ", ")),
        bold=some() < (0.6 if notation in ("goodfellow", "bishop") else 0.15),
        capital=some() < 0.3,
        transpose=rng.choice((row.transpose, "T", "T", r"\top", r"\mathsf{T}", r"\intercal", r"{\top}")),
        transpose_at=rng.choice(("bracket", "bracket", "left", "inside", "braces")),
        prime=rng.choice(("'", "'", "'", r"^{\prime}", r"^\prime", r"\prime", "dot")),
        partial=rng.choice((r"\partial",) * 6 + ("d", r"\mathrm{d}")),
        derivative=rng.choice(("frac",) * 6 + ("slash", "operator", "nabla", "nabla", "nabla", "subscript", "dfrac")),
        loss=rng.choice(row.losses),
        function=row.function[0] if auto else rng.choice(row.function),
        function_layer=notation == "ng" and some() < 0.3,
        bracket=rng.choice(("plain", "plain", "plain", "left", "big", "square", "mixed")),
        gap=rng.choice((" ", " ", r" \, ", r" \cdot ", r"\,", r" \; ", " ")),
        odot=rng.choice((r"\odot", r"\odot", r"\odot", r"\circ", "*")),
        input_name=some() < 0.5,
        output_name=some() < 0.6,
        last_letter=some() < 0.15,
        d_form=some() < 0.5,
        delta_form=notation != "goodfellow" and some() < 0.5,
        exponential=rng.choice(("e", "e", "exp")),
        logarithm=rng.choice((r"\log", r"\ln")),
        sign=rng.choice((r"\operatorname{sign}", r"\operatorname{sgn}", r"\mathrm{sign}", r"\text{sign}")),
        absolute=rng.choice(("bar", "lvert", "left")),
        indicator=rng.choice(("square", "square", "below", "bold", "braced")),
        kronecker=rng.choice(("delta", "delta", "delta", "indicator")),
        division=rng.choice(("frac", "frac", "frac", "slash", "tfrac", "dfrac")),
        diag=rng.choice((r"\operatorname{diag}", r"\operatorname{diag}", r"\mathrm{diag}", r"\text{diag}")),
        hat=rng.choice((r"\hat{y}", r"\hat y")),
        unicode=some() < 0.08,
        tight=some() < 0.15,
        end=rng.choice(("",) * 8 + (".", ",")),
        equals=rng.choice(("=",) * 12 + (r"\equiv", ":=")),
        upper_target=some() < 0.5,
    )


def shown(layer: Layer, shift: int) -> str:
    """The number of a layer: 3, l, l+1, L-1."""
    if not layer.letter:
        return str(layer.offset + shift)
    return layer.letter + (f"{layer.offset:+d}" if layer.offset else "")


class Names:
    """Writes the quantities of a network."""

    def __init__(self, net: Net, style: Style) -> None:
        self.net, self.style, self.row = net, style, NOTATIONS[style.notation]

    def quantity(self, ref: Ref) -> str:
        """An entry or a whole array."""
        if ref.role == "E":
            return self.style.loss
        if ref.role == "y":
            return self._target(ref)
        alias = self._alias(ref)
        if alias:
            return self.placed(alias if ref.at else self._whole(alias), "", ref.at)
        letter, at = self._letter(ref)
        return self.placed(letter, self._layer(ref), at, ref.role)

    def has_layer(self, ref: Ref) -> bool:
        """Whether a superscript follows the letter."""
        return ref.role != "y" and not self._alias(ref)

    def _target(self, ref: Ref) -> str:
        letter = self.row.y if ref.at else self._whole(self.row.y)
        if self.style.notation == "augmented" and self.style.upper_target and ref.at:
            return f"{letter}^{{{self.joined(ref.at)}}}"
        return self.placed(letter, "", ref.at)

    def _alias(self, ref: Ref) -> str:
        if ref.role != "a" or ref.layer is None or self.style.notation == "augmented":
            return ""
        if ref.layer == Layer("", 0) and self.style.input_name:
            return "x"
        last = ref.layer in (Layer("L"), Layer("", self.net.depth))
        if last and self.style.output_name and self.row.output:
            return self.style.hat if self.row.output == r"\hat{y}" else self.row.output
        return ""

    def _letter(self, ref: Ref) -> tuple[str, tuple[At, ...]]:
        if ref.role in ("Wbar", "abar"):
            return (r"\bar{W}" if ref.role == "Wbar" else r"\bar{X}"), ref.at
        if ref.role == "b" and self.style.notation in ("bishop", "augmented") and ref.at:
            return self.row.w, (*ref.at, self._bias_index(ref))
        letter = {"W": self.row.w, "b": "b", "z": self.row.z, "a": self.row.a, "delta": self.row.delta}[ref.role]
        return (letter, ref.at) if ref.at else (self._whole(letter, ref.role), ref.at)

    def _bias_index(self, ref: Ref) -> At:
        if self.style.notation == "bishop":
            return 0
        assert ref.layer is not None
        width = self.net.widths[ref.layer.offset - 1]
        return width + 1 if isinstance(width, int) else f"{width}+1"

    def _whole(self, letter: str, role: str = "") -> str:
        if role == "W" and self.style.capital:
            letter = "W"
        if not self.style.bold:
            return letter
        if letter.startswith(r"\hat"):
            return r"\hat{\mathbf{y}}"
        return rf"\boldsymbol{{{letter}}}" if letter.startswith("\\") else rf"\mathbf{{{letter}}}"

    def _layer(self, ref: Ref) -> str:
        layer = ref.layer
        assert layer is not None
        if self.style.last_letter and layer == Layer("", self.net.depth) and self.style.notation != "augmented":
            layer = Layer("L")
        shift = self.row.first - 1
        if self.style.notation == "augmented" and ref.role in ("a", "abar"):
            shift = 0
        return shown(layer, shift)

    def joined(self, at: tuple[At, ...]) -> str:
        """Indices as one script."""
        texts = [str(one) for one in at]
        long = any(len(text) > 1 for text in texts)
        return (self.style.separator or ("," if long else "")).join(texts)

    def placed(self, letter: str, layer: str, at: tuple[At, ...], role: str = "") -> str:
        """A letter with its layer and indices."""
        if self.style.place == "left" and layer:
            return self._left(letter, layer, at, role)
        lower = self._script("_", self.joined(at)) if at else ""
        upper = ""
        if layer:
            fence = {"bare": "{}", "round": "({})", "square": "[{}]"}[self.style.place]
            upper = self._script("^", fence.format(layer))
        scripts = lower + upper if self.style.lower_first else upper + lower
        return letter + scripts

    def _left(self, letter: str, layer: str, at: tuple[At, ...], role: str) -> str:
        if role in ("Wbar", "abar"):
            return f"{letter}^{{({layer})}}"
        upper, lower = "", ""
        if role == "a":
            upper = self.joined(at)
        elif len(at) == 2:
            lower, upper = str(at[0]), str(at[1])
        else:
            lower = self.joined(at)
        scripts = (f"^{{{upper}}}" if upper else "") + (f"_{{{lower}}}" if lower else "")
        return f"{{}}^{{{layer}}}{letter}{scripts}"

    def _script(self, sign: str, text: str) -> str:
        return f"{sign}{text}" if len(text) == 1 and not self.style.braces else f"{sign}{{{text}}}"

    def size(self, space: Layer | str) -> str:
        """A number of neurons."""
        assert isinstance(space, Layer)
        n = {"": 0, "L": self.net.depth}.get(space.letter)
        if n is None:
            raise ValueError("the width of a layer l has no name")
        return str(self.net.widths[n + space.offset])
