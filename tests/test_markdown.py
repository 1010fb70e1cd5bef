"""Markdown: what a CommonMark parser makes of it is what was meant, formulas unchanged and text harmless."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from derive import Derivation, Network
from derive.emit.latex import latex
from derive.formula import Writer
from derive.layout import BigSum, Fence, Glyph, Row, Scripts
from derive.tables.notations import NOTATIONS
from reports.chapter import chapter
from reports.document import (
    Code,
    Column,
    Document,
    Equation,
    Figure,
    Line,
    Listing,
    Math,
    Paragraph,
    Ref,
    Section,
    Table,
    Text,
    inline,
)  # fmt: skip
from reports.html.text import visible
from reports.markdown import markdown, markdown_files
from reports.markdown.formulas import aligned, safe, source
from reports.markdown.printer import safe_lines
from reports.markdown.text import begun, code, escape, fenced
from tests.demo_document import demo
from tests.test_html import HOSTILE, hostile
from verify import Point, examine

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@cache
def derived(notation: str = "nielsen") -> Document:
    network = Network([2, 3, 2], activations=["tanh", "softmax"], loss="cross-entropy")
    return chapter(examine(Derivation(network), Point.random(network, 0)), notation)


def read(text: str) -> str:
    """The text that a reader of Markdown sees, line by line, before any formula is set."""
    shown = []
    for token in PARSER.parse(text):
        for child in token.children or ():
            shown.append("\n" if child.type in ("softbreak", "hardbreak") else child.content)
        shown.append("\n")
    return "".join(shown)


def kinds(text: str) -> list[str]:
    return [token.type for token in PARSER.parse(text)]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_parser_leaves_every_formula_as_it_was_written(notation):
    document = derived(notation)
    seen = read(markdown(document))
    inside = [f"${safe(source(one.box))}$" for one in document.pieces if isinstance(one, Math)]
    assert len(inside) > 50
    assert [one for one in inside if one not in seen] == []
    rows = [safe_lines(source(box)) for one in document.blocks if isinstance(one, Equation)
            for line in one.lines for box in (line.lhs,) if box is not None]  # fmt: skip
    assert [one for one in rows if one not in seen] == []
    assert "<em>" not in "".join(re.findall(r"\$[^$]*\$", PARSER.render(markdown(document))))


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_safe_spelling_gives_markdown_nothing_to_read(notation):
    derivation = Derivation(Network([2, 3, 3], ["elu", "softmax"], "mse", ["separate", "appended"]))
    writer = Writer(derivation, notation)
    for step in derivation.steps:
        found = safe(latex(writer.box(step.claim)))
        assert not re.search(r"\\[^A-Za-z ]", found), found
        assert not re.search(r"\S_|[|<>*~\[\]]|operatorname", found), found


SAFE = [
    (r"w^{2}_{jk}", r"w^{2} _{jk}"),
    (r"a \\ b", r"a \cr b"),
    (r"x \, y", r"x \thinspace y"),
    (r"\left\{x\right\}", r"\left\lbrace x\right\rbrace"),
    (r"\left|x\right|", r"\left\vert x\right\vert"),
    (r"a < b > c", r"a \lt b \gt c"),
    (r"W^{[1]}", r"W^{\lbrack 1\rbrack }"),
    (r"\operatorname{diag}(x)", r"\mathrm{diag}(x)"),
    (r"\text{50 \%}", r"\text{50 \char37 }"),
]


@pytest.mark.parametrize(("given", "expected"), SAFE, ids=[one[0] for one in SAFE])
def test_the_safe_spelling_by_example(given, expected):
    assert safe(given) == expected


X, K = Glyph("x"), Glyph("k")
NORM = Fence(Scripts(X, sub=K), "|", "|")
# What GitHub does not set, and what a parser takes for its own: each is a past bug of somebody's documents.
BESIDE = [
    ((Text("the "), Math(K), Text("th term")), "the $k$ th term"),
    ((Text("non-"), Math(K)), "non- $k$"),
    ((Math(X), Math(K)), "$x$ $k$"),
    ((Text("("), Math(X), Text(").")), "($x$)."),
    ((Math(X), Text(", and "), Math(K)), "$x$, and $k$"),
    ((Math(X), Text("-axis")), "$x$ -axis"),
    ((Text("2"), Math(X)), "2 $x$"),
    ((Math(Scripts(X, sub=K)), Text(" and "), Math(Scripts(X, sub=K))), "$x _{k}$ and $x _{k}$"),
    ((Code("f"), Math(X)), "`f` $x$"),
]


@pytest.mark.parametrize(("pieces", "expected"), BESIDE, ids=[one[1] for one in BESIDE])
def test_a_formula_stands_apart_from_letters(pieces, expected):
    text = markdown(Document("t", (Section(inline("s"), (Paragraph(pieces),)),)))
    assert text.split("\n\n")[-1].strip() == expected


def test_a_formula_of_several_lines_begins_no_list_and_no_heading():
    minus = Row((Glyph("-", "binary"), X))
    document = Document("t", (Section(inline("s"), (Equation((Line(minus, X), Line(None, minus, None))),)),))
    text = markdown(document)
    assert "bullet_list_open" not in kinds(text)
    assert r"{}- x & = x \cr" in text
    assert r"& \quad {} - x" in text


def test_equations_have_their_numbers_and_places_to_link_to():
    document = derived()
    text = markdown(document)
    numbered = [one for one in document.blocks if isinstance(one, Equation) and one.numbered]
    assert re.findall(r"\\tag\{(\d+)\}", text) == [str(place) for place in range(1, len(numbered) + 1)]
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    links = {one.label for one in document.pieces if isinstance(one, Ref)}
    assert len(anchors) == len(set(anchors))
    assert links <= set(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == links


def test_the_headings_are_those_of_the_document():
    text = markdown(demo())
    heads = [line for line in text.split("\n") if line.startswith("#")]
    assert heads == [
        "# The gradients of a 3-4-3-2 network", "## 1 From layer 3 back to layer 2",
        r"## 2 Hard cases of layout, $\sigma$", "### 2.1 Tables",
        r"#### 2.1.1 Code with $\sigma$ and `under_score`",
    ]  # fmt: skip


def test_tables_have_as_many_cells_in_every_row():
    for document in (demo(), derived()):
        tables = [one for one in document.blocks if isinstance(one, Table)]
        tokens = PARSER.parse(markdown(document))
        rows, row = [], 0
        for token in tokens:
            row += token.type in ("td_open", "th_open")
            if token.type == "tr_close":
                rows.append(row)
                row = 0
        assert sorted(rows) == sorted(len(one.columns) for one in tables for _ in range(len(one.rows) + 1))


def test_a_stroke_in_a_cell_ends_no_cell():
    table = Table((Column(inline("a|b")),), ((inline(Code("c|d"), " | ", NORM),),))
    text = markdown(Document("t", (Section(inline("s"), (table,)),)))
    assert kinds(text).count("td_open") == 1
    seen = read(text)
    assert "c|d" in seen
    assert r"$\lvert x _{k} \rvert$" in seen


def test_a_program_is_fenced_whatever_it_holds():
    source_text = "```\n# not a heading\n````\n~~~"
    text = markdown(Document("t", (Section(inline("s"), (Listing(source_text, "python"),)),)))
    fences = [token for token in PARSER.parse(text) if token.type == "fence"]
    assert [token.content for token in fences] == [source_text + "\n"]
    assert fences[0].info == "python"
    assert fenced("x", "a b`c").startswith("```\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_user_writes_becomes_markup(text):
    found, harmless = markdown(hostile(text)), markdown(hostile("harmless"))
    assert kinds(found) == kinds(harmless)
    bare = re.sub(r"`[^`]*`|\$[^$]*\$", "", outside(found))
    tags = re.findall(r"<(?!/?span>|a id=|/a>)[^>]*>", bare)
    assert tags == []
    found.encode()


def outside(text: str) -> str:
    """A text without its programs, in which nothing is markup."""
    return re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)


PLAIN = ["a * b * c", "_x_ and __y__", "[a](b)", "![a](b)", "# x", "1. x", "- x", "+ x", "= x", "a | b", "`code`",
         "~~x~~", "\\* \\\\", "<b>x</b>", "&amp;", "a  b", "$x$ and $y$", "**x**", "> x", "[a]: http://b"]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_text_comes_back_as_it_was(text):
    tokens = PARSER.parse(begun(escape(text)))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = [child for child in tokens[1].children if child.type != "html_inline"]
    assert {child.type for child in children} <= {"text", "text_special", "entity"}
    assert "".join(child.content for child in children) == text


@given(some.text(alphabet=some.characters(exclude_categories=("Cs",)), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back(text):
    shown = " ".join(visible(text).split())
    tokens = PARSER.parse("x " + escape(shown) + " x")
    said = "".join(child.content for child in tokens[1].children if child.type != "html_inline")
    assert said.split() == f"x {shown} x".split()


@pytest.mark.parametrize("text", ["@someone", "fix #12", "see http://a.b", "www.a.b", "$5 and $6"])
def test_no_mention_and_no_link_arises_by_itself(text):
    found = escape(text)
    assert not re.search(r"(?<!<span>)[@$]\w|#\d|://|\bwww\.", found.replace(r"\$", "<span>$"))


@given(some.text(alphabet="`ab ", min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_code_comes_back_as_it_was(text):
    tokens = PARSER.parse("x" + code(text) + "x")
    found = [child.content for child in tokens[1].children if child.type == "code_inline"]
    assert found == [text]


def test_figures_are_told_or_lie_beside():
    document = demo()
    figure = next(one for one in document.blocks if isinstance(one, Figure))
    assert f"*{figure.alternative}*" in markdown(document)
    files = markdown_files(document, "derivation")
    assert set(files) == {"derivation.md", "derivation-figure-1.svg"}
    assert f"![{figure.alternative}](derivation-figure-1.svg)" in files["derivation.md"].decode()
    drawn = ElementTree.fromstring(files["derivation-figure-1.svg"])
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn.find("{http://www.w3.org/2000/svg}desc").text == figure.alternative


def test_the_latex_of_several_lines_is_aligned():
    lines = (Line(X, K), Line(None, BigSum(K, None, X), Glyph("=", "relation")))
    assert aligned(lines) == "\\begin{aligned}\nx & = k \\\\\n& = \\sum_{k} x\n\\end{aligned}"
