"""Chapters of many networks: every printed claim is the derivation's, and no sentence is said where it is false."""

from __future__ import annotations

import ast
import io
import operator
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader

from derive.derivation import Derivation
from derive.differentiate import differentiate
from derive.emit.plain import plain
from derive.formula import Writer, around
from derive.layout import Coloured, Fence, Glyph, Row
from derive.network import Network
from derive.tables.activations import ACTIVATIONS
from derive.tables.losses import LOSSES
from derive.tables.notations import NOTATIONS
from reports import wording
from reports.chapter import chapter
from reports.chapter.numbers import about, figure, with_numbers
from reports.chapter.program import loop
from reports.chapter.story import Story
from reports.document import Boxed, Bullets, Document, Equation, Inline, Listing, Math, Paragraph, Ref, Table, lines
from reports.pdf import pdf
from reports.wording.english_exercises import SENTENCES as EXERCISES
from reports.wording.table import by_key
from verify.examination import Examination, examine
from verify.oracles import Point, check

NETWORKS: dict[str, dict[str, Any]] = {
    "one neuron": {"layers": [1, 1]},
    "one layer": {"layers": [3, 2], "activations": "softmax", "loss": "cross-entropy"},
    "small": {"layers": [2, 3, 1]},
    "two outputs": {"layers": [3, 4, 3, 2]},
    "classes": {"layers": [5, 4, 4, 3], "activations": ["tanh", "tanh", "softmax"], "loss": "cross-entropy"},
    "five layers": {"layers": [2, 2, 2, 2, 2, 1]},
    "digits": {"layers": [784, 100, 40, 10]},
    "only a bias": {"layers": [4, {"bias_only": True, "activation": "tanh"}, 3], "loss": "squared-error",
                    "activations": ["tanh", "softmax"]},
    "only biases": {"layers": [2, *[{"bias_only": True, "activation": "tanh"}] * 2]},
    "a bias last": {"layers": [2, 3, {"bias_only": True, "activation": "relu"}], "activations": "tanh", "loss": "mae"},
    "appended": {"layers": [2, 3, 1], "bias": "appended"},
    "no bias": {"layers": [2, 3, 2], "activations": "relu", "loss": "huber", "bias": False},
    "softmax inside": {"layers": [3, 3, 2], "activations": ["softmax", "sigmoid"], "loss": "mse"},
    "softmax twice": {"layers": [2, 3, 3], "activations": "softmax", "loss": "cosine"},
    "a letter": {"layers": [2, 3, 1], "activations": ["leaky-relu", "sigmoid"], "loss": "binary-cross-entropy"},
    "three letters": {"layers": [2, 2], "activations": "logistic", "loss": "msle"},
    "mixed biases": {"layers": [2, 2, 2], "activations": ["elu", {"name": "linear", "c": 0.5}], "loss": "hinge",
                     "bias": ["none", "appended"]},
    "linear": {"layers": [2, 3, 2], "activations": ["gelu", "linear"], "loss": "cosine"},
    "a step": {"layers": [2, 2, 1], "activations": ["step", "sigmoid"]},
    "fifty layers": {"layers": [2] * 50 + [1], "activations": "tanh"},
    "many kinds": {"layers": [3] * 9 + [2], "loss": "cross-entropy",
                   "activations": [*["tanh", "relu"] * 4, "softmax"], "bias": ["separate", "appended", "none"] * 3},
    "deep, appended": {"layers": [2] * 8 + [1], "bias": "appended"},
}  # fmt: skip

# Which of the four equations a network has, told from what it is.
NAMES = {
    "small": "1234", "one neuron": "134", "two outputs": "1234", "digits": "1234", "fifty layers": "1234",
    "a step": "1234",
    "classes": "1234", "one layer": "134", "only a bias": "1234", "only biases": "13", "a bias last": "134",
    "appended": "12", "no bias": "124", "softmax inside": "134", "softmax twice": "134", "a letter": "1234",
    "mixed biases": "124", "linear": "1234", "three letters": "134", "deep, appended": "12", "many kinds": "1234",
}  # fmt: skip


@cache
def examined(name: str) -> Examination:
    network = Network(**NETWORKS[name])
    return examine(Derivation(network), Point.random(network, 0))


@cache
def document(name: str, notation: str = "nielsen", expand: bool = False) -> Document:
    return chapter(examined(name), notation, expand)


def text(pieces: Inline) -> str:
    return "".join(plain(p.box) if isinstance(p, Math) else "" if isinstance(p, Ref) else p.text for p in pieces)


def words(found: Document) -> str:
    return "\n".join(text(block.pieces) for block in found.blocks if isinstance(block, Paragraph))


def equations(found: Document) -> list[Equation]:
    return [block for block in found.blocks if isinstance(block, Equation)]


def without_colour(thing: Any) -> Any:
    """A box with no colours in it."""
    if isinstance(thing, Coloured):
        return without_colour(thing.body)
    if isinstance(thing, tuple):
        return tuple(without_colour(one) for one in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return type(thing)(**{one.name: without_colour(getattr(thing, one.name)) for one in fields(thing)})
    return thing


# What may be printed -----------------------------------------------------------------------------------------------


def claims(derivation: Derivation) -> Iterator[Any]:
    """All claims of a derivation and all its views."""
    yield from (step.claim for step in derivation.steps)
    keys = [(role, layer) for layer in range(derivation.network.depth + 1) for role in ("delta", "g", "W", "b", "x")]
    for role, layer in keys:
        if derivation.has(role, layer):
            yield from (derivation.index(role, layer), derivation.matrix(role, layer))
    for layer in range(1, derivation.network.depth + 1):
        yield from (derivation.forward(role, layer) for role in ("z", "a"))
    yield derivation.forward("E")


def allowed(derivation: Derivation, notation: str) -> set[Any]:
    """Every line that is a claim in this notation, with numbers or letters for the layers."""
    row, depth = NOTATIONS[notation], derivation.network.depth
    first = row.first
    writers = [Writer(derivation, notation)]
    writers += [Writer(derivation, notation, layer=around(first + n)) for n in range(depth)]
    writers += [Writer(derivation, notation, layer=around(first + depth - 1, letter)) for letter in ("L", "N")]
    found = {line for one in claims(derivation) for writer in writers for line in lines(writer.box(one))}
    for step in derivation.steps:
        if step.rule == "closed-form":
            definition = derivation.steps[step.premises[0]].claim
            slope = writers[0].box(differentiate(definition.rhs, definition.lhs.args[0]))
            found.add((writers[0].box(step.claim.lhs), slope))
    return {line if isinstance(line, tuple) else (line.lhs, line.rhs) for line in found}


def sides(one: Equation) -> Iterator[tuple[Any, Any]]:
    """The left and right side of each line, without colours; a line without a left side continues the one above."""
    left = None
    for line in one.lines:
        left = left if line.lhs is None else without_colour(line.lhs)
        yield left, without_colour(line.rhs)


def entry_lines(derivation: Derivation, notation: str) -> set[Any]:
    writer = Writer(derivation, notation)
    keys = [(role, n) for n in range(derivation.network.depth + 1) for role in ("delta", "g", "W", "b", "x")]
    pairs = [pair for role, n in keys if derivation.has(role, n) for pair in derivation.entries(role, n)]
    return {(writer.box(left), writer.box(right)) for left, right in pairs}


SMALL = [name for name in NETWORKS if name not in ("digits", "fifty layers")]


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("notation", ["nielsen", "augmented"])
def test_every_numbered_equation_is_a_claim_of_the_derivation(name: str, notation: str):
    derivation = examined(name).derivation
    may = allowed(derivation, notation) | entry_lines(derivation, notation)
    shown = [(one.label, *pair) for one in equations(document(name, notation)) if one.numbered for pair in sides(one)]
    strange = [f"{label}: {plain(rhs)}" for label, lhs, rhs in shown if (lhs, rhs) not in may]
    assert strange == []


def test_a_claim_with_a_sign_flipped_is_not_allowed():
    derivation = examined("small").derivation
    (line,) = lines(Writer(derivation).box(derivation.matrix("delta", 1)))
    may = allowed(derivation, "nielsen")
    right, wrong = ((line.lhs, rhs) in may for rhs in (line.rhs, Row((Glyph("-", "binary"), line.rhs))))
    assert right and not wrong


def test_every_step_is_printed_or_told_by_another_layer():
    for name in ("small", "classes", "softmax inside", "only a bias", "a letter"):
        found = document(name)
        printed = {one.label for one in equations(found)}
        roles = {"chain-rule", "local-derivative", "folding", "normalisation", "simplification", "closed-form"}
        rules = {step.rule for step in examined(name).derivation.steps} & roles
        shown = {step.rule for step in examined(name).derivation.steps if f"s{step.number}" in printed}
        assert rules <= shown, name


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "fifty layers"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_chapters_are_built_in_every_notation(name: str, notation: str):
    found = document(name, notation)
    assert [text(one.title) for one in found.sections if one.level == 1][:2] == ["The network", "The forward pass"]
    assert len([one for one in found.sections if one.level == 1]) == 8


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_with_activations_of_every_kind(loss: str):
    for activation in list(ACTIVATIONS)[list(LOSSES).index(loss) % 3 :: 3]:
        last = "softmax" if LOSSES[loss].normalised else activation
        if (activation, loss) == ("step", "binary-cross-entropy"):
            continue  # its outputs are 0 and 1, where the loss is infinite
        network = Network([2, 2, 2], [activation, last], loss)
        found = chapter(examine(Derivation(network), Point.random(network, 1)))
        assert "None " not in words(found).replace("None of this", "")


# What is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_four_equations_are_named_only_where_a_network_has_them(name: str):
    found = document(name)
    assert {one.name for one in equations(found) if one.name} == {f"BP{number}" for number in NAMES[name]}
    (box,) = [block for block in found.blocks if isinstance(block, Boxed)]
    four = text(box.title) == text(wording.say("box-four"))
    assert four == (NAMES[name] == "1234")


SAID = {
    "feeds all": ["classes", "softmax inside", "softmax twice", "one layer", "only a bias", "many kinds"],
    "feeds the activation of its own neuron": [
        name for name in NETWORKS if name not in ("softmax twice", "one layer")],
    "The targets sum to 1": ["classes", "one layer", "many kinds"],
    "in and cancel": ["a letter"],
    "Why the transpose?": [name for name in NETWORKS if name != "only biases"],
    "lead no weights": ["only a bias", "only biases", "a bias last"],
    "without its column of biases": ["appended", "deep, appended", "mixed biases"],
    "gradient descent cannot train them": ["a step"],
    "Where the loss has a kink": ["a bias last", "mixed biases"],
    "its kink, the function has no": ["a bias last", "no bias", "a letter", "mixed biases", "many kinds"],
    "No neuron has a bias": ["no bias"],
    "gets a name of its own": ["softmax inside", "softmax twice"],
    "From here on nothing new happens": ["fifty layers", "deep, appended", "many kinds"],
    "which here has a single neuron": ["small", "one neuron", "appended", "a letter", "a step", "five layers",
                                       "fifty layers", "deep, appended"],
    "makes two multiplications": [name for name in NETWORKS if name != "only biases"],
    "one pass is drawn with every matrix in its shape": [
        "small", "two outputs", "classes", "digits", "only a bias", "appended", "no bias", "softmax inside", "a letter",
        "linear", "a step"],
    "the whole calculation is a graph": [
        "one neuron", "one layer", "small", "only biases", "appended", "a letter", "three letters", "mixed biases",
        "a step"],
    "Seen as pictures": ["digits", "deep, appended", "fifty layers", "many kinds"],
    "The input can be treated like any layer before it": [name for name in NETWORKS if name not in (
        "one neuron", "one layer", "three letters", "only a bias", "a bias last", "linear")],
}  # fmt: skip


@pytest.mark.parametrize("sentence", SAID)
def test_a_sentence_is_said_exactly_where_it_is_true(sentence: str):
    said = {name for name in NETWORKS if sentence in words(document(name))}
    wanted = set(SAID[sentence])
    assert said - {"linear"} == wanted - {"linear"}


def test_without_biases_none_are_spoken_of():
    found = words(document("no bias")).replace("No neuron has a bias.", "")
    assert "bias" not in found.split("None of this rests on trust")[0]


def test_the_colour_of_an_error_signal_recurs():
    coloured: dict[Any, set[int]] = {}

    def collect(thing: Any) -> None:
        if isinstance(thing, Coloured):
            coloured.setdefault(thing.body, set()).add(thing.colour)
        if isinstance(thing, tuple):
            for one in thing:
                collect(one)
        elif is_dataclass(thing) and not isinstance(thing, type):
            collect(tuple(getattr(thing, one.name) for one in fields(thing)))

    for section in document("two outputs").sections:
        if section.label.startswith(("layer-", "parameters-")):
            collect(section.blocks)
    writer = Writer(examined("two outputs").derivation)
    for layer in (1, 2, 3):
        name = examined("two outputs").derivation.name("z", layer)
        assert coloured[writer.box(name)] == {4 - layer}


def test_every_sentence_is_used_and_none_is_missing(monkeypatch: pytest.MonkeyPatch):
    used: set[str] = set()

    class Recording(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            used.add(key)
            return super().__getitem__(key)

    monkeypatch.setattr(wording, "ENGLISH", Recording(wording.ENGLISH))
    for name in NETWORKS:
        chapter(examined(name), "augmented", expand=name in ("small", "digits"))
    near = 1e-9
    kinks = [at_a_kink(), at_a_kink(bias=near - 1), at_a_kink("l1", 0.0, 2.0), at_a_kink("l1", 0.0, 2.0 + near)]
    for special in (*extra_networks(), *kinks, failing(), unfloatable()):
        chapter(special, expand=True)
    for name in ("one layer", "deep, appended"):
        chapter(examined(name), detail="full")
    for flat in (["step"], ["step", "sigmoid"]):
        network = Network([1] * (len(flat) + 1), flat)
        chapter(examine(Derivation(network), Point.random(network)))
    for name in ("small", "classes", "softmax inside", "fifty layers", "many kinds"):
        chapter(examined(name), "ng")
    assert set(wording.ENGLISH) - used - ELSEWHERE == set(by_key(EXERCISES)) - used


ELSEWHERE = {"clause", "semicolon"}  # between the parts of a line in a terminal


def unfloatable() -> Examination:
    """An examination whose numbers float64 cannot hold."""
    found = examined("small")
    return replace(found, numbers=replace(found.numbers, notes=("float64 cannot hold the loss here",)))


def extra_networks() -> Iterator[Examination]:
    """Networks that are told in words of their own."""
    for given in (
        {"layers": [1, 1], "bias": False},
        {"layers": [2, 3, 4, 2], "activations": ["tanh", "relu", "sigmoid"], "bias": ["separate", "none", "appended"]},
        {"layers": [2, 3, 2, 2, 2], "activations": ["tanh", "relu", "softsign", "silu"], "loss": "cross-entropy"},
        {"layers": [2, 2], "activations": "linear", "loss": "binary-cross-entropy"},
        {"layers": [2, 3, 2, 3, 2, 3, 2], "activations": ["tanh", "softmax"] * 3},
        {"layers": [2, 2, 1], "activations": ["elu", "sigmoid"], "bias": ["none", "separate"]},
        {"layers": [1, {"bias_only": True, "activation": "tanh"}]},
        {"layers": [3, 3, 2], "activations": ["tanh", "linear"], "loss": "cross-entropy"},
        {"layers": [20, 20, 2]},
        {"layers": [6, 7]},
        {"layers": [2, 2], "activations": "linear", "bias": "appended"},
        {"layers": [2, 2, 2, 2], "activations": "linear"},
        {"layers": [2] * 8, "activations": ["silu", "softmax", "silu", "softmax", "silu", "tanh", "linear"]},
    ):
        network = Network(**given)
        yield examine(Derivation(network), Point.random(network, 3))


# Numbers -----------------------------------------------------------------------------------------------------------


def number(value: float) -> Any:
    return figure(value)


def test_numbers_stand_where_the_letters_stood():
    x, y, b = Glyph("x"), Glyph("y"), Glyph("b")
    plus, minus = Glyph("+", "binary"), Glyph("-", "binary")
    known = {x: number(-1.5), y: number(2.0), b: number(-3.0)}
    cases = [
        (Row((x, y)), "−1.5 · 2"),
        (Row((y, x)), "2 · (−1.5)"),
        (Row((Row((y, x)), plus, b)), "2 · (−1.5) − 3"),
        (Row((y, plus, Row((x, y)))), "2 − 1.5 · 2"),
        (Row((y, minus, b)), "2 − (−3)"),
        (Row((y, minus, Row((b, y)))), "2 − (−3) · 2"),
        (Row((y, Fence(Row((x, minus, b))))), "2 · (−1.5 − (−3))"),
    ]
    for box, wanted in cases:
        assert plain(with_numbers(box, known)) == wanted


@pytest.mark.parametrize("value, wanted", [
    (0.0, "0"), (-0.25, "−0.25"), (1234567.0, "1.2346 · 10⁶"), (1.5e-7, "1.5 · 10⁻⁷"), (99999.6, "1.0000 · 10⁵"),
    (0.000123456, "0.00012346"), (0.16500001, "0.16500"), (0.165, "0.165"), (float("inf"), "undefined"),
])  # fmt: skip
def test_rounding(value: float, wanted: str):
    assert plain(figure(value)).replace("·", " · ").replace("  ", " ") == wanted


def test_equals_is_written_only_where_nothing_was_rounded():
    assert plain(about(0.25)) == "=" and plain(about(1 / 3)) == "≈" and plain(about(0.1 + 0.2)) == "="


_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def arithmetic(node: ast.AST) -> float:
    match node:
        case ast.Expression(body):
            return arithmetic(body)
        case ast.Constant(value):
            return float(value)  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -arithmetic(operand)
        case ast.BinOp(left, op, right):
            return float(_OPERATORS[type(op)](arithmetic(left), arithmetic(right)))
        case _:
            raise ValueError(ast.dump(node))


@pytest.mark.parametrize(
    "name", ["small", "two outputs", "no bias", "only a bias", "softmax inside", "appended", "classes"]
)
def test_the_arithmetic_that_is_written_out_is_right(name: str):
    checked = 0
    for one in equations(document(name)):
        if one.numbered or len(one.lines) != 3:
            continue
        source, result = (plain(line.rhs).translate(str.maketrans("−·", "-*")) for line in one.lines[1:])
        if any(letter.isalpha() for letter in source):
            continue
        assert arithmetic(ast.parse(source, mode="eval")) == pytest.approx(float(result), rel=2e-3, abs=1e-4)
        checked += 1
    assert checked >= 2


# Checks that fail --------------------------------------------------------------------------------------------------


def failing() -> Examination:
    found = examined("small")
    wrong = {**found.gradients, "W": [found.gradients["W"][0] * (1 + 1e-4), *found.gradients["W"][1:]]}
    return replace(found, numbers=check(found.derivation.network, found.point, wrong, found.loss))


def at_a_kink(loss: str = "half-squared-error", bias: float = -1.0, target: float = 0.3) -> Examination:
    """1-1-1 with z = 1 + bias in the hidden neuron, and the output z + 1."""
    network = Network([1, 1, 1], "relu", loss)
    ones = np.ones((1, 1))
    point = Point((ones, ones), (np.array([bias]), np.array([1.0])), np.array([1.0]), np.array([target]))
    return examine(Derivation(network), point)


def test_a_wrong_gradient_is_not_called_right():
    found = chapter(failing())
    assert any(text(fact).startswith("a check failed") for fact in found.facts)
    assert "every entry is right" not in words(found) and "Not every entry could be confirmed" in words(found)
    tables = [block for block in found.blocks if isinstance(block, Table) and block.label == "tab:check"]
    assert [text(cells[-1]) for cells in tables[0].rows].count("wrong") == 1


def test_at_a_kink_the_chapter_says_so():
    found = chapter(at_a_kink())
    assert "there are kinks" in words(found) and "every entry is right" not in words(found)
    listed = [text(item) for block in found.blocks if isinstance(block, Bullets) for item in block.items]
    assert any(item.startswith("z²₁ = 0 is at the kink of the ReLU function: no derivative") for item in listed)
    assert "no derivative" in text(found.facts[1])


# The program -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["small", "classes", "only a bias", "appended", "a letter", "softmax inside"])
def test_the_printed_program_learns(name: str):
    found = examined(name)
    story = Story(found, "nielsen", False)
    listings = [block.source for block in document(name).blocks if isinstance(block, Listing)]
    assert listings == [story.source, loop(story)]
    point, network = found.point, found.derivation.network
    parameters = [story.values[one.name].tolist() for one in network.parameters]
    extra = "".join(f", {value!r}" for _, value in sorted(point.constants.items()))
    script = "\n".join([
        *listings, "import numpy", f"parameters = [numpy.array(p) for p in {parameters!r}]",
        f"x, y = numpy.array([{point.x.tolist()!r}] * 3), numpy.array([{point.y.tolist()!r}] * 3)",
        f"before = loss_and_gradients(*parameters, x, y{extra})[0] / 3",
        f"after = loss_and_gradients(*train(parameters, x, y{extra}, steps=20), x, y{extra})[0] / 3",
        "print(before, after)",
    ])  # fmt: skip
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    before, after = map(float, printed.split())
    assert before == pytest.approx(found.loss) and after < before


# Size --------------------------------------------------------------------------------------------------------------


def test_a_deep_network_is_not_told_layer_by_layer():
    shallow = chapter(examine(d := Derivation(Network([2] * 20 + [1], "tanh")), Point.random(d.network, 0)))
    deep = document("fifty layers")
    assert len(equations(deep)) == len(equations(shallow)) < 80
    assert len(deep.sections) == len(shallow.sections)


@pytest.mark.parametrize("name, most", [
    ("one neuron", 8), ("small", 11), ("two outputs", 12), ("five layers", 14), ("digits", 13), ("fifty layers", 13),
])  # fmt: skip
def test_pages(name: str, most: int):
    made = pdf(document(name), "typst").content
    assert 5 <= len(PdfReader(io.BytesIO(made)).pages) <= most


def test_the_same_examination_gives_the_same_document():
    assert chapter(examined("small")) == document("small")


def test_an_unknown_notation_is_refused():
    with pytest.raises(KeyError, match="unknown notation"):
        chapter(examined("small"), "esperanto")
