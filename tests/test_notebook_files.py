"""Notebooks: valid by their schema, and they run from top to bottom."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive import Derivation, Network
from reports.chapter import chapter
from reports.document import Document, Section, inline
from reports.given.asked import Asked
from reports.notebook import formulas, notebook, notebook_bytes
from reports.notebook.cells import network_cells, program_cells
from tests.demo_document import demo
from tests.test_html import HOSTILE, hostile
from verify import Point, check, examine

ROOT = Path(__file__).resolve().parent.parent
NETWORKS = {
    "2-3-1": (Network([2, 3, 1]), "nielsen"),
    "constants": (Network([2, 3, 3], [{"name": "leaky-relu", "alpha": 0.1}, "softmax"], "cross-entropy"), "bishop"),
    "bias-only": (Network([3, {"bias_only": True, "activation": "tanh"}, 2], ["tanh", "linear"]), "goodfellow"),
    "appended": (Network([2, 2, 1], "tanh", "mse", "appended"), "augmented"),
}
PROGRAM = Asked((r"f = \|X w - y\|^2 + \lambda \|w\|^2",), {"X": ("n", "d"), "w": ("d",), "y": ("n",)}, ("w",), ())


def book(name: str) -> dict:
    network, notation = NETWORKS[name]
    examination = examine(Derivation(network), Point.random(network, 0))
    return notebook(chapter(examination, notation), network_cells(examination, notation))


def sources(found: dict, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in found["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_code_cell_is_python_and_builds_the_same_network(name):
    cells = sources(book(name), "code")
    assert len(cells) >= 9
    for cell in cells:
        ast.parse(cell)
    space: dict = {"Network": Network}
    made = next(cell for cell in cells if cell.startswith("net = "))
    exec(made.rsplit("\n", 1)[0], space)  # the cell under test
    assert space["net"] == NETWORKS[name][0]


def test_the_story_stands_between_the_code():
    found = book("2-3-1")
    kinds = [cell["cell_type"] for cell in found["cells"]]
    assert kinds[:2] == ["markdown", "code"]
    assert kinds.count("markdown") > 8
    assert any("![" in text and "data:image/svg+xml;base64," in text for text in sources(found, "markdown"))
    assert [cell["id"] for cell in found["cells"]] == [f"cell-{place}" for place in range(1, len(kinds) + 1)]
    assert notebook_bytes(found) == notebook_bytes(book("2-3-1"))


def test_code_of_a_section_that_is_left_out_follows_what_stands_before_it():
    document = Document("t", (Section(inline("a"), label="a"), Section(inline("c"), label="c")))
    found = notebook(document, {"": ["first"], "a": ["1"], "b": ["2"], "c": ["3"]})
    shown = ["".join(cell["source"]).replace("\n", " ") for cell in found["cells"]]
    assert shown == ["# t", "first", '<a id="a"></a>  ## 1 a', "1", "2", '<a id="c"></a>  ## 2 c', "3"]


@pytest.mark.parametrize("document", [demo(), *map(hostile, HOSTILE)], ids=range(len(HOSTILE) + 1))
def test_a_notebook_of_any_document_is_valid(document):
    nbformat = pytest.importorskip("nbformat", reason="pip install nbformat")
    written = json.loads(notebook_bytes(notebook(document)))
    nbformat.validate(nbformat.from_dict(written))
    written["cells"][0]["cell_type"] = "nonsense"
    with pytest.raises(nbformat.ValidationError):
        nbformat.validate(nbformat.from_dict(written))


RUN = """
import json, sys, nbformat, nbclient
found = nbformat.read(sys.argv[1], 4)
place = {"metadata": {"path": sys.argv[2]}}
nbclient.NotebookClient(found, timeout=120, kernel_name="python3", resources=place).execute()
print(json.dumps([cell.get("outputs", []) for cell in found.cells if cell.cell_type == "code"]))
"""


def ran(found: dict, folder: Path) -> str:
    """What the code cells of a notebook put out; in a process of its own, whose warnings are not ours."""
    for needed in ("nbformat", "nbclient", "ipykernel"):
        pytest.importorskip(needed, reason="pip install nbclient ipykernel")
    path = folder / "book.ipynb"
    path.write_bytes(notebook_bytes(found))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", RUN, str(path), str(ROOT)], capture_output=True,
                          text=True, timeout=240)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_networks_notebook_runs_from_top_to_bottom(tmp_path):
    out = ran(book("2-3-1"), tmp_path)
    shown = ("text/markdown", "$$", "each rechecked", "**right**", "loss_and_gradients", "**correct**")
    assert [part for part in (*shown, "**incorrect**") if part not in out] == []


def test_a_programs_notebook_runs_from_top_to_bottom(tmp_path):
    document = Document("Ridge", tuple(Section(inline(label), label=label) for label in ("given", "result", "numbers")))
    out = ran(notebook(document, program_cells(PROGRAM, "nielsen")), tmp_path)
    assert r"\\frac{\\partial f}{\\partial w} = 2(\\lambda w" in out
    assert "True" in out


NO_IPYTHON = "import runpy, sys; sys.modules['IPython'] = None; runpy.run_path(sys.argv[1])"


def test_the_cells_run_as_a_script_without_ipython(tmp_path):
    script = tmp_path / "book.py"
    script.write_text("\n".join(sources(book("2-3-1"), "code")), encoding="utf-8")
    command = [sys.executable, "-c", NO_IPYTHON, str(script)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0 and "each rechecked" in done.stdout, done.stderr[-2000:]


def test_formulas_show_themselves_with_their_reasons():
    d = Derivation(Network([2, 2]))
    shown = formulas([d.steps[3], d.matrix("W", 1)], d, "ng")
    assert shown._repr_markdown_().count("$$") == 4 and d.steps[3].row.reason in shown._repr_markdown_()
    assert repr(shown).split("\n")[1].startswith("∂ℒ/∂W^[1] = "), repr(shown)


def test_a_cell_that_fails_fails_the_run(tmp_path):
    document = Document("t", (Section(inline("a"), label="a"),))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        ran(notebook(document, {"a": ["1 / 0"]}), tmp_path)


@pytest.mark.parametrize("name", ['x"); import os; ("', "'''\n", "\\N{BULLET}"])
def test_what_a_user_wrote_is_a_literal(name):
    asked = Asked((name,), {name: (name,)}, (name,), (name,))
    cell = program_cells(asked, "nielsen")["given"][0]
    call = ast.parse(cell).body[0].value
    assert [ast.literal_eval(one) for one in call.args] == [[name], {name: [name]}, [name], [name]]
    assert len(ast.parse(cell).body) == 2


# What objects show of themselves


def test_an_answer_shows_the_mistake_and_its_mend():
    wrong = check(r"\delta^L = (y - a^L) \odot \sigma'(z^L)", layers=[2, 3, 1], isolated=False)._repr_markdown_()
    assert wrong.startswith("**incorrect** · shown by numbers")
    assert "instead of $y - a^{L}$" in wrong
    assert r"the mend: $\delta^L = (a^L - y) \odot \sigma'(z^L)$" in wrong
    assert "left:" in wrong
    right = check(r"\delta^L = (a^L - y) \odot \sigma'(z^L)", layers=[2, 3, 1], isolated=False)._repr_markdown_()
    assert right == "**correct** · proved"


def test_a_chain_shows_each_step():
    chain = r"\delta^3_1 = (a^3_1 - y_1) \sigma'(z^3_1) = 2 (a^3_1 - y_1) \sigma'(z^3_1)"
    shown = check(chain, layers=[2, 3, 1], isolated=False)._repr_markdown_()
    assert "step 1: **correct**" in shown
    assert "step 2: **incorrect**" in shown


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "$x$ <script>", "](javascript:alert(1))", "a | b\n# c"]
)
def test_what_a_user_wrote_is_no_markup_in_an_answer(text):
    shown = check(text, layers=[2, 3, 1], isolated=False)._repr_markdown_()
    assert shown.startswith("**unreadable**")
    assert not set("<>|[]") & set(shown)


def test_an_examination_shows_its_table():
    network = Network([2, 2])
    shown = examine(Derivation(network), Point.random(network, 0))._repr_markdown_()
    lines = shown.split("\n")
    assert lines[0].startswith("**right** · ")
    assert len([line for line in lines if line.startswith("| ")]) == 5
    assert len({line.count("|") for line in lines if line.startswith("|")}) == 1
