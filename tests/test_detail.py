"""Levels of detail: one page that is one page, everything written out, and a chapter that stays as it was."""

import re
import shutil
from functools import cache

import pytest

from derive.derivation import Derivation
from derive.layout import Coloured, Glyph, Row
from derive.network import Network
from reports.chapter import DETAILS, chapter
from reports.chapter.story import Story
from reports.document import Boxed, Bullets, Equation, Figure, Line, Ref, Table, lines
from reports.fitting import setting
from reports.html import html
from reports.html.formulas import parts
from reports.markdown import markdown
from reports.meant import Shapes
from reports.notebook import notebook
from reports.palette import HUES
from reports.pdf import by_typst, pdf
from reports.selfcheck.checks import Check
from reports.selfcheck.report import SelfCheck, checked
from reports.selfcheck.shaping import shaped
from reports.selfcheck.subjects import of_network
from reports.selfcheck.telling import sentence
from reports.tex import tex
from reports.writing import pages, write
from tests.test_command import derive
from verify.examination import Examination, examine
from verify.oracles import Point

NETWORKS = {
    "one neuron": {"layers": [1, 1]},
    "small": {"layers": [2, 3, 1]},
    "two outputs": {"layers": [3, 4, 3, 2]},
    "classes": {"layers": [5, 4, 4, 3], "activations": ["tanh", "tanh", "softmax"], "loss": "cross-entropy"},
    "only a bias": {"layers": [4, {"bias_only": True, "activation": "tanh"}, 3], "loss": "squared-error",
                    "activations": ["tanh", "softmax"]},
    "five softmaxes": {"layers": [3] * 6, "activations": "softmax", "loss": "cosine"},
    "five kinds": {"layers": [3] * 6, "activations": ["tanh", "relu", "sigmoid", "elu", "softplus"]},
    "huber": {"layers": [2, 3, 2], "activations": "relu", "loss": "huber", "bias": False},
    "fifty kinds": {"layers": [3] * 51, "activations": ["tanh", "relu", "sigmoid", "elu", "softplus"] * 10,
                    "bias": ["separate", "appended", "none", "separate", "none"] * 10},
    "fifty layers": {"layers": [2] * 50 + [1], "activations": "tanh"},
}  # fmt: skip


@cache
def examined(name: str) -> Examination:
    network = Network(**NETWORKS[name])
    return examine(Derivation(network), Point.random(network, 0))


def equations(document):
    return [block for block in document.blocks if isinstance(block, Equation)]


# One page


@pytest.mark.parametrize("name", NETWORKS)
def test_brief_is_one_page(name):
    found = chapter(examined(name), detail="brief")
    assert pages(by_typst(found).content) == 1
    if shutil.which("pdflatex"):
        assert pages(pdf(found, "pdflatex").content) == 1


@pytest.mark.parametrize("notation", ["ng", "goodfellow", "bishop", "augmented"])
def test_brief_is_one_page_in_every_notation(notation):
    assert pages(by_typst(chapter(examined("classes"), notation, detail="brief")).content) == 1


def test_brief_says_the_result_and_how_it_was_checked():
    found = chapter(examined("small"), detail="brief")
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    assert [cells[0][0].text for cells in table.rows] == ["BP1", "BP2", "BP3", "BP4", ""]
    assert len(table.columns) == 4
    (checks,) = (block for block in found.blocks if isinstance(block, Bullets))
    assert len(checks.items) == 3
    said = "".join(getattr(piece, "text", "") for item in checks.items for piece in item)
    assert f"{examined('small').proof.steps} steps by seven rules" in said
    assert "All 15 gradients" in said
    (figure,) = (block for block in found.blocks if isinstance(block, Figure))
    assert figure.alternative


def test_shapes_of_a_page_are_those_of_every_layer():
    """The last layer's width has a letter of its own, n, which is none for any other layer."""
    examination = examined("classes")
    subject = of_network(examination.derivation, "nielsen", examination.point)
    found = chapter(examination, detail="brief")
    shown = re.findall(r"\| \$(n[^|]*)\$ \|", markdown(found))
    assert shown == [r"n\times1", r"n _{l}\times1", r"n _{l}\times1", r"n _{l}\times n _{l-1}"]
    assert checked(found, subject).holds
    every = Shapes(((1, 4, 1), (2, 4, 1), (3, 3, 1)), "l")
    texts = {r"n_l \times 1": True, r"n \times 1": False, r"n_{l-1} \times 1": False, r"1 \times n_l": False,
             r"n_{l+2} \times 1": False, r"m \times 1": False}  # fmt: skip
    assert {text: shaped(text, every, subject).holds for text in texts} == texts


def test_a_left_side_stands_beside_its_right_side():
    network = Network([3, 4, 2], ["tanh", "softmax"], "cross-entropy")
    for notation in ("nielsen", "augmented"):
        found = chapter(examine(Derivation(network), Point.random(network, 0)), notation)
        joined = [one for one in equations(found) if " and " in str(one.lines)]
        assert len(joined) >= 3
        assert {(len(setting(one).lines), setting(one).scale) for one in joined} == {(1, 1.0)}


def test_what_a_report_left_aside_is_said():
    aside, number = Check("aside", "x", "an approximation", True), Check("number", "1.2", "right", True)
    said = sentence(SelfCheck((), (), (number,), (aside, aside)))
    assert said.endswith(
        "0 claims, 0 definitions, 1 number; counted apart, since nothing is claimed: 2 (an approximation)"
    )


def test_flat_activations_are_said_to_teach_nothing():
    network = Network([2, 2, 2], ["step", "linear"])
    found = chapter(examine(Derivation(network), Point.random(network, 0)), detail="brief")
    assert "The gradients up to layer 2 are 0 whatever the numbers are" in markdown(found)
    assert "whatever the numbers are" not in markdown(chapter(examined("small"), detail="brief"))


def test_brief_leaves_out_layers_only_where_there_are_too_many():
    counts = {}
    for name in ("small", "five kinds", "fifty layers"):
        found = chapter(examined(name), detail="brief")
        said = markdown(found)
        counts[name] = "are left out" in said
    assert counts == {"small": False, "five kinds": False, "fifty layers": False}
    assert any(isinstance(block, Table | Boxed) for block in chapter(examined("five softmaxes"), detail="brief").blocks)


def test_brief_in_every_other_format():
    found = chapter(examined("small"), detail="brief")
    assert "BP2" in html(found)
    assert "BP2" in markdown(found)
    assert len(notebook(found)["cells"]) == 2


# Everything


def test_full_prints_every_step_with_its_rule_and_premises():
    examination = examined("only a bias")
    derivation = examination.derivation
    story = Story(examination, "nielsen", False)
    found = {one.label: one for one in equations(chapter(examination, detail="full"))}
    for step in derivation.steps:
        printed = found[f"step-{step.number}"]
        known = story.box(step.claim.lhs) == story.box(step.claim.rhs)
        assert printed.lines == lines(story.box(step.claim.lhs if known else step.claim))
        said = "".join(getattr(piece, "text", "") for piece in printed.reason)
        rule = step.rule.replace("-", " ")
        assert said.startswith(f"Step {step.number + 1}, ")
        assert known or (step.row.reason in said and said.count(rule) == 1), "no rule is named twice"
        links = [piece.label for piece in printed.reason if isinstance(piece, Ref)]
        assert links == [f"step-{number}" for number in step.premises]


@pytest.mark.parametrize("name", ["small", "classes", "only a bias", "huber"])
def test_full_prints_every_entry(name):
    examination = examined(name)
    derivation = examination.derivation
    story = Story(examination, "nielsen", False)
    printed = {line for one in equations(chapter(examination, detail="full")) for line in one.lines}
    depth = derivation.network.depth
    keys = [
        (role, layer) for layer in range(1, depth + 1) for role in ("delta", "W", "b") if derivation.has(role, layer)
    ]
    pairs = [pair for key in [*keys, ("x", 0)] for pair in derivation.entries(*key)]
    pairs += [pair for layer in range(1, depth + 1) for role in "za" for pair in derivation.definitions(role, layer)]
    assert pairs
    missing = [str(left) for left, right in pairs if Line(story.box(left), story.box(right)) not in printed]
    assert missing == []


def test_full_of_a_network_with_bias_in_its_weights_has_each_parameter():
    network = Network([2, 3, 1], bias="appended")
    found = chapter(examine(Derivation(network), Point.random(network, 0)), detail="full")
    labels = {one.label for one in equations(found)}
    assert {"every-W-1", "every-b-1", "every-W-2", "every-b-2", "every-x-0", "every-E-0"} <= labels


def test_full_compiles():
    assert pages(by_typst(chapter(examined("five softmaxes"), detail="full")).content) > 8


def test_full_refuses_a_large_network_and_says_the_limit(capsys, tmp_path):
    for layers in ("784,100,40,10", ",".join(["2"] * 80)):
        code, out, err = derive(capsys, "--layers", layers, "--detail", "full", "--output", str(tmp_path))
        assert (code, out) == (2, "")
        assert re.search(r"at most 4,000 terms in 400 steps, and this network has [\d,]+ terms in [\d,]+ steps", err)
        assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


# As it was


def test_standard_is_the_default():
    examination = examined("small")
    assert tex(chapter(examination)) == tex(chapter(examination, detail="standard"))
    assert DETAILS[1] == "standard"


def test_an_unknown_detail_is_refused():
    with pytest.raises(ValueError, match=r"^the detail must be one of brief, standard, full, not 'long'$"):
        chapter(examined("small"), detail="long")


def test_write_takes_a_detail(tmp_path):
    written = write(Derivation(Network([2, 2])), tmp_path, ("pdf",), pdf_engine="typst", detail="brief")
    assert written.pages == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--detail", "brief", "--expand"), "--expand writes out entries, which --detail brief leaves out"),
        (("--exercises", "--detail", "full"), "--detail is for the chapter, which --exercises replaces"),
        (("--exercises", "--format", "json"), "--exercises is printed as pdf, tex, html, md, ipynb, not as json"),
        (("--code", "numpy", "--exercises"), "--exercises is for reports, and --code prints one source"),
    ],
)
def test_options_that_mean_nothing_together(capsys, tmp_path, arguments, said):
    code, _, err = derive(capsys, "--layers", "2,1", "--output", str(tmp_path), *arguments)
    assert (code, err) == (2, f"derive: {said}\n")


def test_a_detail_is_of_a_network(capsys):
    code, _, err = derive(capsys, "--given", "f = x^2", "--detail", "brief")
    assert (code, err) == (2, "derive: --detail is for networks, and --given gives definitions\n")


# Colours of layers by a letter


def tints(box):
    """The colours in a box with the letters that stand in them."""
    return {
        (one.colour, any(p == Glyph("l") for p in parts(one.body))) for one in parts(box) if isinstance(one, Coloured)
    }


@pytest.mark.parametrize("name", ["small", "two outputs", "five kinds"])
def test_a_layer_by_a_letter_has_no_colour_of_a_layer_by_its_number(name):
    """δ^l once bore the colour of δ^3 on paper."""
    story = Story(examined(name), "nielsen", False)
    general = {colour for colour, letter in tints(story.relative(1).box(story.derivation.matrix("delta", 1))) if letter}
    assert len(general) == 2
    numbered = set(story.colours.values())
    assert general.isdisjoint(numbered)
    if len(numbered) + 2 <= HUES:
        assert {one % HUES for one in general}.isdisjoint({one % HUES for one in numbered})


# Pages are counted in the tree of pages, not in the outline


def test_the_count_of_pages_is_not_that_of_headings():
    outline = b"<< /Type /Outlines /Count 7 >> << /Type /Pages /Kids [1 0 R 2 0 R] /Count 2 >>"
    assert pages(outline) == 2
    assert pages(b"<< /Count 7 >>") == 0


def test_a_row_is_a_row():
    """The guard of this file's own helper: it finds no colour where there is none."""
    assert tints(Row((Glyph("a"), Glyph("l")))) == set()
