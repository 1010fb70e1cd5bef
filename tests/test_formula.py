"""What is written: letters by notation, the order of terms and factors, brackets and numbers."""

from dataclasses import replace

import pytest
from sympy import Abs, Float, Integer, Rational, Symbol, exp, log, pi, sqrt

from derive import Derivation, Network
from derive.emit.latex import latex as to_latex
from derive.emit.plain import plain
from derive.formula import UnknownName, Unprintable, Writer, around
from derive.formula.names import Names
from derive.formula.pieces import Level, Piece
from derive.formula.writing import piece
from derive.functions import head
from derive.latex import latex
from derive.layout import Coloured, Glyph
from derive.symbols import Array, Index, Scalar, total
from derive.tables.activations import ACTIVATIONS
from derive.tables.glyphs import GLYPHS, UnknownGlyph, sign
from derive.tables.notations import NOTATIONS, Quantity

D = Derivation(Network([2, 3, 1]))
W2, B2, A1, A2, Y, Z1 = (
    D.network.array(role, layer) for role, layer in (("W", 2), ("b", 2), ("a", 1), ("a", 2), ("y", 2), ("z", 1))
)
J, K = Index("j", D.network.spaces[2]), Index("k", D.network.spaces[1])

BP = {
    "nielsen": (
        r"\delta^{2}_{j} = \left(\sum_{k} w^{3}_{kj} \delta^{3}_{k}\right) \sigma'(z^{2}_{j})",
        r"\delta^{2} = (w^{3})^{T} \delta^{3} \odot \sigma'(z^{2})",
        r"\delta^{3} = (a^{3} - y) \odot \sigma'(z^{3})",
        r"\frac{\partial C}{\partial w^{2}} = \delta^{2} (a^{1})^{T}",
        r"\frac{\partial C}{\partial b^{2}_{j}} = \delta^{2}_{j}",
        r"z^{2}_{j} = \sum_{k} w^{2}_{jk} a^{1}_{k} + b^{2}_{j}",
        r"C = \tfrac{1}{2} \sum_{k} (y_{k} - a^{3}_{k})^{2}",
    ),
    "ng": (
        r"dz^{[1]}_{j} = \left(\sum_{k} W^{[2]}_{kj} dz^{[2]}_{k}\right) g'(z^{[1]}_{j})",
        r"dz^{[1]} = (W^{[2]})^{T} dz^{[2]} \odot g'(z^{[1]})",
        r"dz^{[2]} = (a^{[2]} - y) \odot g'(z^{[2]})",
        r"\frac{\partial\mathcal{L}}{\partial W^{[1]}} = dz^{[1]} (a^{[0]})^{T}",
        r"\frac{\partial\mathcal{L}}{\partial b^{[1]}_{j}} = dz^{[1]}_{j}",
        r"z^{[1]}_{j} = \sum_{k} W^{[1]}_{jk} a^{[0]}_{k} + b^{[1]}_{j}",
        r"\mathcal{L} = \tfrac{1}{2} \sum_{k} (y_{k} - a^{[2]}_{k})^{2}",
    ),
    "goodfellow": (
        r"g^{(1)}_{j} = \left(\sum_{k} W^{(2)}_{kj} g^{(2)}_{k}\right) f'(a^{(1)}_{j})",
        r"\boldsymbol{g}^{(1)} = (\boldsymbol{W}^{(2)})^{\top} \boldsymbol{g}^{(2)} \odot f'(\boldsymbol{a}^{(1)})",
        r"\boldsymbol{g}^{(2)} = (\hat{\boldsymbol{y}} - \boldsymbol{y}) \odot f'(\boldsymbol{a}^{(2)})",
        r"\nabla_{\boldsymbol{W}^{(1)}} J = \boldsymbol{g}^{(1)} (\boldsymbol{h}^{(0)})^{\top}",
        r"\frac{\partial J}{\partial b^{(1)}_{j}} = g^{(1)}_{j}",
        r"a^{(1)}_{j} = \sum_{k} W^{(1)}_{jk} h^{(0)}_{k} + b^{(1)}_{j}",
        r"J = \tfrac{1}{2} \sum_{k} (y_{k} - \hat{y}_{k})^{2}",
    ),
    "bishop": (
        r"\delta^{(1)}_{j} = \left(\sum_{k} w^{(2)}_{kj} \delta^{(2)}_{k}\right) h'(a^{(1)}_{j})",
        r"\boldsymbol{\delta}^{(1)} = (\boldsymbol{W}^{(2)})^{T} \boldsymbol{\delta}^{(2)} "
        r"\odot h'(\boldsymbol{a}^{(1)})",
        r"\boldsymbol{\delta}^{(2)} = (\boldsymbol{y} - \boldsymbol{t}) \odot h'(\boldsymbol{a}^{(2)})",
        r"\frac{\partial E}{\partial\boldsymbol{W}^{(1)}} = \boldsymbol{\delta}^{(1)} (\boldsymbol{z}^{(0)})^{T}",
        r"\frac{\partial E}{\partial w^{(1)}_{j0}} = \delta^{(1)}_{j}",
        r"a^{(1)}_{j} = \sum_{k} w^{(1)}_{jk} z^{(0)}_{k} + w^{(1)}_{j0}",
        r"E = \tfrac{1}{2} \sum_{k} (t_{k} - y_{k})^{2}",
    ),
    "augmented": (
        r"{}^{0}\psi_{j} = \left(\sum_{k} {}^{1}w^{j}_{k} \, {}^{1}\psi_{k}\right) a'({}^{0}z_{j})",
        r"{}^{0}\psi = (W^{(1)})^{T} \, {}^{1}\psi \odot a'({}^{0}z)",
        r"{}^{1}\psi = (X^{(2)} - y) \odot a'({}^{1}z)",
        r"\frac{\partial E}{\partial W^{(0)}} = {}^{0}\psi (X^{(0)})^{T}",
        r"\frac{\partial E}{\partial{}^{0}w^{n_{0}+1}_{j}} = {}^{0}\psi_{j}",
        r"{}^{0}z_{j} = \sum_{k} {}^{0}w^{k}_{j} \, {}^{0}x^{k} + {}^{0}w^{n_{0}+1}_{j}",
        r"E = \tfrac{1}{2} \sum_{k} (y_{k} - {}^{2}x^{k})^{2}",
    ),
}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_equations_of_backpropagation(notation):
    claims = (
        D.index("delta", 1),
        D.matrix("delta", 1),
        D.matrix("delta", 2),
        D.matrix("W", 1),
        D.index("b", 1),
        D.definition("z", 1),
        D.definition("E"),
    )
    assert tuple(latex(claim, D, notation) for claim in claims) == BP[notation]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_two_arrays_are_written_alike(notation):
    network = Network(["m", "n", "p", "q"])
    arrays = [network.array(role, layer) for role in ("W", "b", "z", "a") for layer in (1, 2, 3)]
    arrays += [Array(role, layer, network.spaces[layer : layer + 1]) for role in ("delta", "g") for layer in (1, 2)]
    arrays += [network.array("x", 0), network.array("y", 3)]
    letters = [Index(letter, space) for letter, space in zip("jklm", network.spaces, strict=True)]
    writer = Writer(network, notation)
    wholes = [plain(writer.box(array)) for array in arrays]
    entries = [
        plain(writer.box(array[tuple(letters[network.spaces.index(space)] for space in array.spaces)]))
        for array in arrays
    ]
    assert len(set(wholes)) == len(wholes)
    assert len(set(entries)) == len(entries)


PLAIN = [
    (D.step("W", 1), "∂C/∂w²ⱼₖ = δ²ⱼ a¹ₖ"),
    (D.matrix("delta", 1), "δ² = (w³)ᵀ δ³ ⊙ σ′(z²)"),
    (D.index("delta", 1), "δ²ⱼ = (Σₖ w³ₖⱼ δ³ₖ) σ′(z²ⱼ)"),
    (D.steps[10], "∂C/∂z³ⱼ = Σₖ ∂C/∂a³ₖ · ∂a³ₖ/∂z³ⱼ"),
    (D.forward("E"), "C = ½ ‖y − a³‖²"),
    (D.slope(1), "σ′(z²ⱼ) = a²ⱼ(1 − a²ⱼ)"),
    (D.entries("W", 1)[3], "∂C/∂w²₂₂ = δ²₂ a¹₂"),
    (D.definitions("z", 2)[0], "z³₁ = w³₁₁ a²₁ + w³₁₂ a²₂ + w³₁₃ a²₃ + b³₁"),
    (D.entries("delta", 1)[0], "δ²₁ = w³₁₁ δ³₁ σ′(z²₁)"),
]


@pytest.mark.parametrize(("thing", "text"), PLAIN, ids=[text for _, text in PLAIN])
def test_plain_text_of_a_derivation(thing, text):
    assert plain(Writer(D).box(thing)) == text


U = Scalar("u", "argument")
a, y, z, w, b = A2[J], Y[J], A1[K], W2[J, K], B2[J]
EXPRESSIONS = [
    (-y + a, "a^{3}_{j} - y_{j}"),
    (2 * a - 2 * y, "2(a^{3}_{j} - y_{j})"),
    (a / 2 - y / 2, r"\tfrac{1}{2} (a^{3}_{j} - y_{j})"),
    (-(y - a) * z, "a^{2}_{k}(a^{3}_{j} - y_{j})"),
    ((y - a) / (a - 1), r"\frac{a^{3}_{j} - y_{j}}{1 - a^{3}_{j}}"),
    (-2 * (y - a) / (1 + z), r"\frac{2(a^{3}_{j} - y_{j})}{1 + a^{2}_{k}}"),
    (1 - a, "1 - a^{3}_{j}"),
    (a * (1 - a), "a^{3}_{j}(1 - a^{3}_{j})"),
    (b + total(w * z, K), r"\sum_{k} w^{3}_{jk} a^{2}_{k} + b^{3}_{j}"),
    (total(w * z, K) * a, r"a^{3}_{j} \sum_{k} w^{3}_{jk} a^{2}_{k}"),
    (total(w * z, K) * log(a), r"\left(\sum_{k} w^{3}_{jk} a^{2}_{k}\right) \log(a^{3}_{j})"),
    (total(w + z, K), r"\sum_{k} (w^{3}_{jk} + a^{2}_{k})"),
    (total(-z, K), r"\sum_{k} (-a^{2}_{k})"),
    (-a / y, r"-\frac{a^{3}_{j}}{y_{j}}"),
    (a / 2, r"\frac{a^{3}_{j}}{2}"),
    (a**2, "(a^{3}_{j})^{2}"),
    (y**2, "y_{j}^{2}"),
    (1 / sqrt(a), r"\frac{1}{\sqrt{a^{3}_{j}}}"),
    (a ** Rational(3, 2), "(a^{3}_{j})^{3/2}"),
    (sqrt(2) * U / 2, r"\frac{u}{\sqrt{2}}"),
    (sqrt(2) * U * exp(-(U**2) / 2) / (2 * sqrt(pi)), r"\frac{u e^{-u^{2}/2}}{\sqrt{2 \pi}}"),
    (Abs(a - y) - Rational(1, 2), r"\lvert a^{3}_{j} - y_{j} \rvert - \tfrac{1}{2}"),
    (log(a) * y, r"y_{j} \log(a^{3}_{j})"),
    (total(y * 0 + A2[Index("i", J.space)], Index("i", J.space)) / J.space.size, r"\frac{1}{n} \sum_{i} a^{3}_{i}"),
    (-(a + y), "-a^{3}_{j} - y_{j}"),
    (z - (a - y) * w, "a^{2}_{k} - w^{3}_{jk}(a^{3}_{j} - y_{j})"),
    (head("sigmoid")(U) ** 2, r"\sigma(u)^{2}"),
    (A1[10] * W2[1, 12], r"w^{3}_{1,12} a^{2}_{10}"),
    (Rational(1, 20) * a, "0.05 a^{3}_{j}"),
    (Integer(-3), "-3"),
    (Float("1.5e-7"), r"1.5 \cdot 10^{-7}"),
    (z - Float("0.5") * a, "a^{2}_{k} - 0.5 a^{3}_{j}"),
    (-Float("0.5") * a, "-0.5 a^{3}_{j}"),
    (3 * Integer(2) ** U, r"3 \cdot 2^{u}"),
    (exp(a / 8 + b / 8), r"e^{\tfrac{1}{8} (a^{3}_{j} + b^{3}_{j})}"),
    (Scalar("z_0") * Scalar("alpha"), r"\alpha z_{0}"),
]


@pytest.mark.parametrize(("expression", "expected"), EXPRESSIONS, ids=[str(one) for one, _ in EXPRESSIONS])
def test_order_brackets_and_numbers(expression, expected):
    assert latex(expression, D) == expected


ROWS = [
    (Network([2, 2], "sigmoid", "binary-cross-entropy"), ("a", 1), r"∂C/∂a² = (1 − y) ⊘ (1 − a²) − y ⊘ a²"),
    (Network([2, 2], "sigmoid", "mse"), ("a", 1), r"∂C/∂a² = 2/n · (a² − y)"),
    (Network([2, 2], "sigmoid", "squared-error"), ("delta", 1), r"δ² = 2(a² − y) ⊙ σ′(z²)"),
    (Network([2, 2], "softmax", "cross-entropy"), ("delta", 1), r"δ² = a² − y"),
    (Network([2, 2], "softmax"), ("delta", 1), r"δ² = a² ⊙ (a² − y − (a²)ᵀ(a² − y))"),
    (Network([2, 2], "relu", "mape"), ("a", 1), r"∂C/∂a² = 1/n · sign((a² − y) ⊘ y) ⊘ y"),
    (Network([2, 2], "tanh", "cosine"), ("a", 1), r"∂C/∂a² = (((a²)ᵀ y) a² − ‖a²‖² y)/(‖a²‖³ ‖y‖)"),
    (Network([2, 2], "tanh", bias="appended"), ("W", 1), r"∂C/∂[w² b²] = δ² [a¹; 1]ᵀ"),
]


@pytest.mark.parametrize(("network", "of", "text"), ROWS, ids=[text for *_, text in ROWS])
def test_matrix_forms(network, of, text):
    derivation = Derivation(network)
    assert plain(Writer(derivation).box(derivation.matrix(*of))) == text


def test_the_appended_one_has_a_letter_in_augmented():
    derivation = Derivation(Network([2, 3, 1], bias="appended"))
    assert latex(derivation.matrix("W", 1), derivation, "augmented") == (
        r"\frac{\partial E}{\partial\bar{W}^{(0)}} = {}^{0}\psi (\bar{X}^{(0)})^{T}"
    )
    assert latex(derivation.forward("z", 2), derivation, "augmented") == r"{}^{1}z = \bar{W}^{(1)} \bar{X}^{(1)}"
    assert latex(derivation.entries("b", 2)[0], derivation, "augmented") == (
        r"\frac{\partial E}{\partial{}^{1}w^{4}_{1}} = {}^{1}\psi_{1}"
    )


@pytest.mark.parametrize("name", [name for name, row in ACTIVATIONS.items() if row.elementwise])
def test_one_activation_everywhere_has_the_letter_of_the_notation(name):
    network = Network([2, 2, 2], name)
    constants = network.stack[0].arguments()
    slope = head(name, 1)(Z1[K], *constants)
    assert latex(slope, network, "bishop") == "h'(a^{(1)}_{k})"
    mixed = Network([2, 2, 2], [name, "softmax"])
    assert latex(slope, mixed, "bishop") == f"{ACTIVATIONS[name].symbol}'(a^{{(1)}}_{{k}})"


def test_constants_are_written_where_they_tell_activations_apart():
    network = Network([1, 1, 1], [{"name": "elu", "alpha": 0.05}, {"name": "elu", "alpha": 0.1}])
    slopes = [latex(head("elu", 1)(Z1[K], *layer.arguments()), network) for layer in network.stack]
    assert slopes == [rf"\operatorname{{ELU}}'_{{{alpha}}}(z^{{2}}_{{k}})" for alpha in ("0.05", "0.1")]


@pytest.mark.parametrize(
    ("notation", "base", "expected"),
    [
        ("nielsen", 2, r"\delta^{l} = (w^{l+1})^{T} \delta^{l+1} \odot \sigma'(z^{l})"),
        ("ng", 2, r"dz^{[l-1]} = (W^{[l]})^{T} dz^{[l]} \odot g'(z^{[l-1]})"),
        ("augmented", 0, r"{}^{l}\psi = (W^{(l+1)})^{T} \, {}^{l+1}\psi \odot a'({}^{l}z)"),
    ],
)
def test_a_claim_for_any_layer(notation, base, expected):
    assert to_latex(Writer(D, notation, layer=around(base)).box(D.matrix("delta", 1))) == expected


def test_what_has_a_colour_has_it_everywhere():
    delta = D.network.array("delta", 2)
    writer = Writer(D, colours={delta: 3})
    assert to_latex(writer.box(D.matrix("delta", 1))).count(r"{\color{bp3}\delta^{3}}") == 1
    assert "color" not in to_latex(writer.box(D.steps[10]))
    adjoint = Writer(D, colours={delta: 3}, colour_adjoints=True).box(D.steps[10])
    assert to_latex(adjoint).startswith(r"{\color{bp3}\frac{\partial C}{\partial z^{3}_{j}}} = ")


def test_widths_are_named_as_the_user_did_and_n_counts_the_outputs():
    letters = Derivation(Network(["m", "q"], loss="mse"))
    assert plain(Writer(letters).box(letters.forward("E"))) == "C = 1/q · ‖y − a²‖²"
    shapes = [plain(Writer(D).box(space.size)) for space in D.network.spaces]
    assert shapes == ["n₁", "n₂", "n"]


def test_what_cannot_be_written_is_named():
    with pytest.raises(Unprintable, match=r"^cannot write a Symbol: q$"):
        Writer(D).box(Symbol("q"))
    with pytest.raises(UnknownName, match=r"unknown notation 'nilsen' \(known: nielsen, ng"):
        Writer(D, "nilsen").box(A1)
    with pytest.raises(UnknownName, match="no letter for the role 'q'"):
        Writer(D).box(Array("q", 1, D.network.spaces[:1]))
    with pytest.raises(UnknownGlyph, match="no row"):
        sign("\\foo")


def test_a_notation_is_one_row():
    row = replace(NOTATIONS["ng"], weight=Quantity("u", "left", ("sup", "sub")), prints_input=True, first=7)
    written = to_latex(piece(D.definition("z", 1).claim, Names(D.network, row)).box)
    assert written == r"z^{[7]}_{j} = \sum_{k} {}^{7}u^{j}_{k} x_{k} + b^{[7]}_{j}"


def test_glyphs_go_both_ways():
    characters = [row.character for row in GLYPHS.values()]
    assert len(set(characters)) == len(characters)
    assert all(sign(row.symbol) for row in ACTIVATIONS.values())


def test_brackets_stand_only_where_a_place_asks_for_more():
    loose = Piece(Glyph("a"), Level.SUM)
    assert loose.at(Level.SUM) == Glyph("a")
    assert plain(loose.at(Level.PRODUCT)) == "(a)"
    assert isinstance(Writer(D, colours={Y: 1}).box(Y[1]), Coloured)
