"""HTML pages: one file that asks for nothing, numbers as the document counts, escapes everything, and can be read."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from derive import Derivation, Network
from derive.layout import Coloured, Glyph, Grid, Row
from reports.chapter import chapter
from reports.document import (
    Bullets,
    Code,
    Column,
    Document,
    Emphasis,
    Equation,
    Figure,
    Line,
    Listing,
    Paragraph,
    Section,
    Table,
    Text,
    Tinted,
    inline,
)  # fmt: skip
from reports.figures.drawing import Drawing, Label
from reports.fitting import setting
from reports.html import html, svg_file
from reports.html.text import attribute, escape, visible
from reports.html.theme import DARK, LIGHT, text_variable
from reports.html.words import WORDS
from reports.markdown.formulas import aligned, source
from reports.palette import PALETTE, Colour, contrast, readable
from tests.demo_document import D3, demo
from verify import Point, examine

VOID = {"meta", "link", "br", "hr", "img", "input", "mprescripts", "mspace", "rect", "circle", "polyline", "polygon"}


class Page(HTMLParser):
    """Every tag with its attributes, the text, and where tags were not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [given for name, given in self.tags if name == tag]

    def said(self, tag: str) -> str:
        return "".join(text for name, text in self.texts if name == tag)


@cache
def derived(*layers: int) -> Document:
    network = Network(list(layers))
    return chapter(examine(Derivation(network), Point.random(network, 0)))


PAGES = {"demo": demo, "2-3-1": lambda: derived(2, 3, 1), "deep": lambda: derived(2, 1, 2, 1, 2, 1, 2, 1)}
named = pytest.mark.parametrize("document", PAGES.values(), ids=PAGES.keys())


@named
def test_every_tag_is_closed_and_every_name_given_once(document):
    page = Page(html(document()))
    assert page.wrong == []
    assert page.open == []
    names = Counter(given["id"] for _, given in page.tags if "id" in given)
    assert [name for name, times in names.items() if times > 1] == []


@named
def test_every_link_leads_to_a_place_in_the_page(document):
    page = Page(html(document()))
    names = {given["id"] for _, given in page.tags if "id" in given}
    links = [given["href"] for given in page.all("a")]
    assert len(links) > 5
    assert [link for link in links if not link.startswith("#") or link[1:] not in names] == []


@named
def test_nothing_is_loaded_and_nothing_runs_that_the_policy_does_not_name(document):
    text = html(document())
    page = Page(text)
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        content = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy
    assert text.count("<script") == text.count("<style") == 1
    assert not [given for _, given in page.tags if any(name.startswith("on") or name == "style" for name in given)]
    addresses = [value for _, given in page.tags for name, value in given.items() if name in ("src", "href", "action")]
    assert [one for one in addresses if not one.startswith(("#", "data:,"))] == []
    assert "http" not in re.sub(r"http-equiv", "", text)
    assert "@import" not in text
    assert "url(" not in text


@named
def test_equations_are_numbered_as_the_document_counts_them(document):
    document = document()
    page = Page(html(document))
    labels = {label: mark for label, mark in document.marks.items() if mark.startswith("(")}
    marks = {given["href"][1:]: text for given, text in marked(html(document))}
    assert {label: marks[label] for label in labels} == labels
    numbered = [one for one in document.blocks if isinstance(one, Equation) and one.numbered]
    assert len([one for one in page.all("a") if one.get("class") == "mark"]) == len(numbered)


def marked(text: str) -> list[tuple[dict[str, str], str]]:
    return [
        ({"href": found[1]}, found[2]) for found in re.finditer(r'<a class="mark" href="([^"]*)">(\(\d+\))</a>', text)
    ]


@named
def test_every_formula_has_its_latex_and_every_equation_a_button(document):
    document = document()
    text = html(document)
    page = Page(text)
    assert text.count("<math") == text.count('<annotation encoding="application/x-tex">')
    equations = [one for one in document.blocks if isinstance(one, Equation)]
    written = [data for tag, data in page.texts if tag == "annotation"]
    joined = "\n".join(written)
    assert all(aligned(one.lines) in joined for one in equations)
    assert "bp1" not in joined
    assert len([one for one in page.all("button") if one.get("class") == "copy"]) == len(equations) + len(
        [one for one in document.blocks if isinstance(one, Listing)]
    )


@named
def test_headings_descend_one_level_at_a_time(document):
    levels = [int(tag[1]) for tag, _ in Page(html(document())).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@named
def test_figures_say_what_is_to_be_seen(document):
    document = document()
    page = Page(html(document))
    figures = [one for one in document.blocks if isinstance(one, Figure)]
    drawn = page.all("svg")
    assert len(drawn) == len(figures) > 0
    assert all(one["role"] == "img" and one["aria-labelledby"] for one in drawn)
    assert [" ".join(text.split()) for tag, text in page.texts if tag == "desc"] == [
        " ".join(one.alternative.split()) for one in figures
    ]


def test_a_page_has_landmarks_a_language_and_a_way_past_the_contents():
    page = Page(html(derived(2, 3, 1)))
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("a")[0] == {"class": "skip", "href": "#_text"}
    assert page.all("main")[0]["id"] == "_text"
    assert all(one.get("scope") == "col" for one in page.all("th"))
    captions = [one["id"] for one in page.all("p") if one.get("id", "").endswith("-caption")]
    assert captions == [one["aria-labelledby"] for one in page.all("table") if "aria-labelledby" in one]
    assert len(captions) == len([1 for one in derived(2, 3, 1).blocks if isinstance(one, Table) and one.caption])


def test_an_error_signal_is_marked_wherever_it_stands_and_knows_its_definition():
    text = html(derived(2, 3, 1))
    page = Page(text)
    places = Counter(given["data-q"] for _, given in page.tags if "data-q" in given)
    assert places["1"] > 10
    assert places["2"] > 10
    homes = {given["data-defines"]: given["id"] for _, given in page.tags if "data-defines" in given}
    first = re.search(rf'id="{homes["1"]}".*?<annotation[^>]*>(.*?)</annotation>', text, re.DOTALL)[1]
    assert first == r"\delta^{3}_{j} = \frac{\partial C}{\partial z^{3}_{j}}"
    assert {"1", "2"} <= {given["data-q"] for tag, given in page.tags if tag == "button" and "data-q" in given}


def test_a_quantity_of_any_layer_is_another_than_that_of_the_last_layer():
    keys = {given["data-q"] for _, given in Page(html(derived(2, 1, 2, 1, 2, 1, 2, 1))).tags if "data-q" in given}
    general = {one.removesuffix("-l") for one in keys if one.endswith("-l")}
    assert len(general) == 2
    assert {"1", "2"} <= keys
    assert not general & keys, "a colour of any layer is that of a layer with a number"


@pytest.mark.parametrize("code", WORDS)
def test_the_name_of_a_button_holds_the_words_that_it_shows(code):
    """What is said to a computer is what is seen (WCAG 2.2, 2.5.3), also on a telephone, which shows fewer words."""
    text = html(demo(), code)
    shown = re.findall(r'<button[^>]*class="copy"[^>]*aria-label="([^"]*)"[^>]*>(.*?)</button>', text)
    assert len(shown) > 2
    for label, inside in shown:
        for words in re.findall(r">([^<>]+)<", f">{inside}<"):
            assert re.search(rf"(?<![A-Za-z]){re.escape(words)}(?![A-Za-z])", label), (label, words)


def test_steps_unfold_to_what_they_rest_on():
    page = Page(html(derived(2, 3, 1)))
    assert len([one for one in page.all("details") if one.get("class") == "part"]) == 5
    resting = [one["data-of"] for one in page.all("li") if "data-of" in one]
    assert len(resting) > 20
    assert set(resting) <= set(derived(2, 3, 1).marks)


def test_the_same_document_gives_the_same_page():
    assert html(demo()) == html(demo())


def test_what_is_not_coloured_says_the_same():
    assert source(D3) == r"\delta^{3}"
    assert source(Coloured(Coloured(Glyph("x"), 1), 2)) == "x"


# Languages


@pytest.mark.parametrize("language", WORDS)
def test_a_page_says_its_language(language):
    text = html(demo(), language)
    assert f'<html lang="{language}">' in text
    assert WORDS[language].contents in text


def test_a_language_without_words_is_refused():
    with pytest.raises(ValueError, match="one of en, zh, not 'tlh'"):
        html(demo(), "tlh")


@pytest.mark.parametrize("language", WORDS)
def test_words_have_the_same_holes_in_every_language(language):
    one, other = vars(WORDS["en"]), vars(WORDS[language])
    assert [name for name in one if re.findall(r"{\w+}", one[name]) != re.findall(r"{\w+}", other[name])] == []
    assert all(other.values())


# Hostile text

HOSTILE = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "--><img src=x onerror=alert(1)>",
    '" onload="x', "' onmouseover='x", "</title><svg onload=alert(1)>", "&lt;b&gt; &amp; &#x41;", "javascript:alert(1)",
    "]]>", "</math>", "\x00\x01\x1b[31m", "\u202egnp.exe", "\ud800", "</pre></code>", "{{7*7}} ${7*7}", "<!--",
    "\\end{document}", "</style>",
]  # fmt: skip


def hostile(text: str) -> Document:
    blocks = (
        Paragraph((Text(text), Emphasis(text), Emphasis(text, strong=True), Code(text), Tinted(text, "bp1"))),
        Equation((Line(Glyph("x"), Glyph(text, "text")),), "e", inline(text), name=text),
        Table((Column(inline(text)),), ((inline(text),),), inline(text), "t"),
        Listing(text, text, inline(text)),
        Bullets((inline(text),)),
        Figure(Drawing(10, 10, (Label((5, 5), text),)), inline(text), text, "f"),
    )
    return Document(text, (Section(inline(text), blocks, label="s"),), inline(text), (inline(text),))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_user_writes_becomes_markup(text):
    page, harmless = Page(html(hostile(text))), Page(html(hostile("harmless")))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in harmless.tags]
    assert [sorted(given) for _, given in page.tags] == [sorted(given) for _, given in harmless.tags]
    assert page.wrong == page.open == []
    assert page.said("p").count(visible(text)) >= 1
    html(hostile(text)).encode()


@given(some.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_escaped_and_comes_back(text):
    shown = Page(f'<p title="{attribute(text)}">{escape(text)}</p>')
    assert [tag for tag, _ in shown.tags] == ["p"]
    assert shown.said("p") == visible(text)
    assert shown.tags[0][1]["title"] == visible(text)


def test_signs_that_cannot_be_seen_are_named():
    assert visible("a\u202eb\x00c\r\nd\te") == "aU+202EbU+0000c\nd\te"


# Colours


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_can_be_read_on_all_grounds(theme):
    shown = dict(theme.variables())
    texts = {text_variable(name) for name in (*PALETTE, *(f"bp{number}" for number in range(1, 13)))}
    grounds = [shown[name] for name in ("paper", "tint", "lit")]
    weak = [(name, ground) for name in texts - {"paper", "tint"} for ground in grounds
            if ratio(shown[name], ground) < 4.5]  # fmt: skip
    assert weak == []


def ratio(one: str, two: str) -> float:
    """The contrast by its definition, written apart from the palette's."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    low, high = sorted((light(one), light(two)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_by_example():
    black, white = Colour("black", 0, 0, 0), Colour("white", 255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert readable(black, [white]) == black
    with pytest.raises(ValueError, match="no shade of white"):
        readable(white, [black, white])


# Drawings


def test_a_drawing_as_a_file_is_whole_and_needs_no_page():
    text = svg_file(
        next(one for one in demo().blocks if isinstance(one, Figure)).drawing, "A <title>", 'words & "signs"'
    )
    page = Page(text.partition("\n")[2])
    assert page.wrong == page.open == []
    assert "var(" not in text
    assert "A &lt;title&gt;" in text
    assert page.all("svg")[0]["xmlns"] == "http://www.w3.org/2000/svg"
    assert {tag for tag, _ in page.tags} == {
        "svg",
        "title",
        "desc",
        "rect",
        "circle",
        "polyline",
        "polygon",
        "text",
        "tspan",
    }


def test_a_line_that_follows_a_relation_begins_with_no_sign_of_multiplication():
    wide = Grid(tuple(tuple(Glyph(f"{row}.{column}2345", "number") for column in range(4)) for row in range(2)))
    formula = Row((wide, Glyph(r"\approx", "relation"), wide))
    assert setting(Equation((Line(Glyph("x"), formula),)), 24).lines[1].rhs == wide
    page = html(Document("t", (Section(inline("s"), (Equation((Line(Glyph("x"), formula),)),)),)))
    assert "<mo>≈</mo>" in page
    assert "⋅</mo>" not in page
    assert "·</mo>" not in page
