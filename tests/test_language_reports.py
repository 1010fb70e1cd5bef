"""Every kind of report in every other language, as HTML, Markdown and a notebook: complete, and no English left."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest

from derive import Derivation, Network
from derive.second import HessianVector
from derive.tables.notations import NOTATIONS
from reports.chapter import DETAILS, chapter
from reports.checking.document_pages import pages as checked_pages
from reports.document import Document, Equation
from reports.examples import EXAMPLES
from reports.examples.command import told as example
from reports.given.forms import Forms
from reports.given.pages import pages as given_pages
from reports.html import html
from reports.markdown import markdown
from reports.notebook import notebook
from reports.second.numbers import compared
from reports.second.pages import found_of
from reports.second.pages import pages as second_pages
from reports.training.pages import pages as training_pages
from reports.wording.language import LANGUAGES, NATIVE, speaking
from verify.document.run import examined as document_examined
from verify.document.source import scanned
from verify.examination import Examination, examine
from verify.oracles import Point
from verify.programs.examined import examined
from verify.programs.reading import program_read
from verify.training import Plan, Training
from verify.training.data import of_arrays
from verify.training.rules import OPTIMISERS
from verify.training.scaling import SCALINGS
from verify.training.schedules import SCHEDULES

OTHERS = [code for code in LANGUAGES if code != NATIVE]
SOURCES = {row.source for table in (OPTIMISERS, SCALINGS, SCHEDULES) for row in table.values()}


# --- documents ------------------------------------------------------------------------------------------------------

NETWORKS = {
    "small": Network((2, 3, 1)),
    "classes": Network((3, 4, 2), ("tanh", "softmax"), "cross-entropy"),
    "mixed": Network((2, {"bias_only": True}, 3, 2), "relu", "mae", "appended"),
    "one": Network((1, 1), "linear", "log-cosh", "none"),
    "deep": Network((2,) * 9, "leaky-relu", "huber"),
    "wide": Network((12, 30, 10), "elu", "kl"),
    "outside": Network((2, 2), "tanh", "msle"),
}


@cache
def examination(name: str) -> Examination:
    network = NETWORKS[name]
    return examine(Derivation(network), Point.random(network, 0))


@cache
def at_a_kink() -> Examination:
    network = Network((1, 1, 1), "relu")
    point = {"W": [[[1.0]], [[1.0]]], "b": [[-1.0], [0.5]], "x": [1.0], "y": [0.5]}
    return examine(Derivation(network), Point.from_json(network, point, 0))


def given(*lines: str) -> Document:
    read = program_read(list(lines), {}, [], [])
    found = examined(Derivation(read.program), 0)
    return given_pages(found, read, Forms(found.derivation))


def second() -> Document:
    found = found_of(HessianVector(Derivation(Network((2, 2, 1)))), "nielsen")
    return second_pages(found.with_rows(compared(found.second, 0)))


def training(rule: str = "adam", scaling: str = "min-max", schedule: str = "constant", **more) -> Document:
    random = np.random.default_rng(0)
    kinds = np.arange(30) % 3
    samples = of_arrays(random.normal(size=(30, 2)) + kinds[:, None], kinds, ["red", "green", "blue"], "points.csv")
    learned, held = samples.split(0.3, 0)
    network = Network((2, 3), "softmax", "cross-entropy")
    done = Training(Plan(network, rule, epochs=2, batch=5, scaling=scaling, schedule=schedule.split(","), **more),
                    learned, held)  # fmt: skip
    done.run()
    return training_pages(done, learned, held)


PAPER = r"""
\[ L = \tfrac12 (w x - t)^2 \] \[ \frac{\partial L}{\partial w} = (w x - t) x \]
\[ \frac{\partial L}{\partial w} = (t - w x) x \] \[ \frac{\partial L}{\partial w} = (w x - t) \] \[ x + 1 \]
"""


def paper() -> Document:
    return checked_pages([("paper.tex", document_examined(scanned(PAPER)))])


REPORTS = {
    **{f"chapter {name}": (lambda name=name: chapter(examination(name), expand=True)) for name in NETWORKS},
    **{f"chapter in {row}": (lambda row=row: chapter(examination("small"), row)) for row in NOTATIONS},
    **{f"chapter {detail}": (lambda detail=detail: chapter(examination("small"), detail=detail)) for detail in DETAILS},
    "chapter at a kink": lambda: chapter(at_a_kink()),
    "summary at a kink": lambda: chapter(at_a_kink(), detail="brief"),
    "given": lambda: given(r"f = \lVert X w - y \rVert^2"),
    "given, some unused": lambda: given(r"u = \sin(x)", r"f = x^2"),
    "given, an array": lambda: given(r"Y = X W"),
    "second": second,
    "paper": paper,
    **{f"trained by {name}": (lambda name=name: training(name)) for name in ("sgd", "momentum", "adamw")},
    **{f"scaled by {name}": (lambda name=name: training(scaling=name)) for name in SCALINGS},
    **{f"schedule {name}": (lambda name=name: training(schedule=name)) for name in SCHEDULES},
    "two schedules": lambda: training(schedule="warm-up,step"),
    **{f"start {name}": (lambda name=name: training(initial=name)) for name in ("nielsen", "he")},
    **{f"example {name}": (lambda name=name: example(name, "zh").document) for name in EXAMPLES},
}


# --- what a reader sees -----------------------------------------------------------------------------------------------


class Words(HTMLParser):
    """The words of a page: its text outside of formulas, code, styles and scripts, and the labels of its parts."""

    LEFT_OUT = ("math", "code", "pre", "style", "script", "annotation")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth, self.found, self.language = 0, [""], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.language = given.get("lang", "") if tag == "html" else self.language
        self.found += [given[name] or "" for name in ("alt", "title", "aria-label") if name in given] + [""]
        self.depth += tag in self.LEFT_OUT

    def handle_endtag(self, tag):
        self.depth -= tag in self.LEFT_OUT

    def handle_data(self, data):
        if not self.depth:
            self.found[-1] += data


GAP = re.compile(r".{0,20}[。，；：、！？] +\S|\S +[。，；：、！？]")  # a full mark needs no space beside it
ENGLISH = re.compile(r"(?:\b[A-Za-z’']+ ){3,}[A-Za-z’']+")


def left(texts: list[str]) -> list[str]:
    """Runs of four English words and more that are no source."""
    found = []
    for text in texts:
        for source in sorted(SOURCES, key=len, reverse=True):
            text = text.replace(source, "")
        found += [match[0] for match in ENGLISH.finditer(text)]
    return found


def without_formulas(markdown_text: str) -> str:
    """Markdown without code, formulas, addresses and drawings."""
    return re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|<[^>]*>", "", markdown_text, flags=re.DOTALL)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_all_in_its_language(name, code):
    with speaking(code):
        document = REPORTS[name]()
    assert document.language == code
    line = "".join(getattr(piece, "text", "x") or "x" for piece in document.pieces)
    assert GAP.findall(line) == []
    page = Words(html(document, code))
    assert page.language == code
    assert left(page.found) == []
    text = markdown(document, code)
    assert left([without_formulas(text)]) == []
    book = json.loads(json.dumps(notebook(document, None, code)))
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    assert left([without_formulas(one) for one in cells]) == []


def test_english_that_is_left_is_seen():
    page = "<html lang='zh'><p>损失 <b>and this was left over</b></p><code>a b c d e f</code><img alt='how it does go'>"
    assert left(Words(page).found) == ["and this was left over", "how it does go"]
    assert left(["Nesterov 1983", *SOURCES]) == []


def test_marks_captions_and_title_are_in_the_language():
    with speaking("zh"):
        document = chapter(examination("small"))
    assert document.title == "2-3-1 网络中的反向传播"
    assert document.marks["network"] == "第 1 节"
    assert document.marks["tab:symbols"] == "表 1"
    assert document.marks["fig:network"] == "图 1"
    page = html(document, "zh")
    assert '<html lang="zh">' in page
    assert "<strong>表 1</strong>\u3000" in page
    assert "<strong>图 1</strong>\u3000" in page
    assert "目录" in page


def test_the_reasons_of_definitions_name_their_steps_as_those_of_networks_do():
    assert "只留下含有该变量的项；根据 (x)" in reasons("zh")
    assert "only the terms that hold the variable stay; from (x)" in reasons("en")
    assert "代入，由克罗内克 δ 挑出相应的项；根据 (x)、(x) 和 (x)" in reasons("zh")


def reasons(code: str) -> set[str]:
    with speaking(code):
        found = (*given(r"u = w x", r"f = u^2 + \sin(u)").blocks, *second().blocks)
    said = [one.reason for one in found if isinstance(one, Equation)]
    return {"".join(getattr(piece, "text", "(x)") for piece in reason) for reason in said}


def test_english_is_as_it_was_after_another_language_was_spoken():
    before = chapter(examination("small"))
    with speaking("zh"):
        chapter(examination("small"))
    assert chapter(examination("small")) == before
    assert before.language == NATIVE
    assert before.marks["network"] == "section 1"
