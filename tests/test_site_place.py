"""Where the site goes, what it may hold, and what the look through it finds."""

import os
import re
from pathlib import Path

import pytest

from docs.site import placing, text
from docs.site.build import build
from docs.site.links import faults
from docs.site.loads import in_css, in_set
from docs.site.pages import SiteError

HERE = Path(__file__).resolve().parent


@pytest.fixture
def small(tmp_path):
    """A repository with one page and one picture."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\n![A dot](dot.png)\n")
    (tmp_path / "docs/dot.png").write_bytes((HERE.parent / "docs/page.png").read_bytes())
    return tmp_path


def held(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- whose folder it is ---


def foreign(path, content):
    def change(folder):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)

    return change


NOT_OURS = [
    ("a folder with a search of its own", lambda site: (site / placing.MARKER).unlink(), "that no build wrote"),
    ("another script of that name", foreign("search.js", "var SECTIONS = [];"), "that no build wrote"),
    ("another file of the marker's name", foreign(placing.MARKER, "index.html\n"), "that no build wrote"),
    ("a letter", foreign("letter.txt", "dear"), "holds letter.txt, which no build wrote"),
    ("a letter within", foreign("reference/letters/one.txt", "dear"), "holds reference/letters/one.txt, which no"),
    ("a repository", foreign(".git/config", "[core]"), "holds .git/config, which no build wrote"),
    ("a link", lambda site: (site / "away").symlink_to(HERE), "holds away, which no build wrote"),
]


@pytest.mark.parametrize(("change", "sentence"), [row[1:] for row in NOT_OURS], ids=[row[0] for row in NOT_OURS])
def test_a_folder_that_no_build_made_is_left_as_it_is(small, change, sentence):
    site = small / "out"
    build(small, site, ())
    change(site)
    before = held(site)
    with pytest.raises(SiteError, match=re.escape(sentence)):
        build(small, site, ())
    assert held(site) == before and (HERE / "test_site.py").is_file()


def test_a_site_replaces_an_earlier_one_and_an_empty_folder(small):
    (small / "out").mkdir()
    for _ in range(2):
        build(small, small / "out", ())
        (small / "out/site.css").write_text("")  # a file of an earlier build may be changed, or be gone
        (small / "out/site.js").unlink()
    build(small, small / "out", ())
    assert (small / "out/site.js").is_file() and (small / "out/site.css").read_text()
    assert sorted(path.name for path in small.iterdir()) == ["docs", "out"]


# --- the old one stays until the new one is there ---


@pytest.mark.parametrize(
    "problem", [OSError(16, "Device or resource busy"), KeyboardInterrupt()], ids=["busy", "Ctrl-C"]
)
@pytest.mark.parametrize("step", [1, 2])
def test_the_old_site_is_there_again_where_a_renaming_fails(small, monkeypatch, step, problem):
    site, rename, calls = small / "out", Path.rename, []
    build(small, site, ())
    before = held(site)

    def failing(path, target):
        calls.append(path)
        if len(calls) == step:
            raise problem
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing)
        with pytest.raises(type(problem)):
            build(small, site, ())
    assert held(site) == before
    assert sorted(path.name for path in small.iterdir()) == ["docs", "out"]


def test_an_old_site_that_cannot_be_deleted_is_named(small, monkeypatch):
    site = small / "out"
    build(small, site, ())
    (small / "docs/index.md").write_text("# New\n")

    def refused(folder, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(placing.shutil, "rmtree", lambda folder, **how: None if how else refused(folder))
    with pytest.raises(SiteError, match=r"out is the new site, but the old one stays in .*\.old: Permission denied"):
        build(small, site, ())
    assert "New" in (site / "index.html").read_text()


# --- pictures ---


def test_a_picture_of_a_guide_lies_in_the_site(small):
    build(small, small / "out", ())
    assert '<img src="pictures/docs/dot.png" alt="A dot" />' in (small / "out/index.html").read_text()
    assert (small / "out/pictures/docs/dot.png").read_bytes() == (small / "docs/dot.png").read_bytes()


@pytest.mark.parametrize("target", ["../../dot.png", "/etc/hostname", "none.png", "https://a.b/c.png", "docs"])
def test_a_picture_from_elsewhere_is_refused(small, target):
    (small / "docs/index.md").write_text(f"# Home\n\n![A dot]({target})\n")
    with pytest.raises(SiteError, match="which is no file of the site"):
        build(small, small / "out", ())


# --- what a page may load ---

ELSEWHERE = [
    '<style>@import url(https://a.b/c);</style>', '<style>@import "//a.b/c";</style>',
    '<style>/* @import "no" */ p { background: URL( "https://a.b/c" ) }</style>',
    '<p style="background:url(https://a.b/c)">', r'<p style="background:u\72 l(https://a.b/c)">',
    '<style>p { background: image-set("https://a.b/c" 1x) }</style>', '<rect fill="url(https://a.b/c#d)"/>',
    '<img srcset="data:, 1x, https://a.b/c 2x">', '<source srcset="https://a.b/c">', '<video poster="https://a.b/c">',
    '<input type=image src="https://a.b/c">', '<meta http-equiv=Refresh content="0; URL=\'https://a.b/c\'">',
    '<link rel=preload imagesrcset="https://a.b/c">', '<a href="#" ping="https://a.b/c">', '<form action="https://a.b/c">',
    '<use xlink:href="https://a.b/c"/>', '<feImage href="https://a.b/c"/>', '<base href="https://a.b/c">',
    '<iframe srcdoc="<img src=https://a.b/c>">', '<track src="https://a.b/c">', '<body background="https://a.b/c">',
    '<img src="\\\\a.b\\c">', '<img src=" https://a.b/c">', '<img src="http://[">', '<img src="%00">',
    '<iframe src="data:text/html,x">', '<object data="https://a.b/c">', '<script src="https://a.b/c"></script>',
]  # fmt: skip


@pytest.mark.parametrize("page", ELSEWHERE)
def test_whatever_loads_from_elsewhere_is_found(tmp_path, page):
    (tmp_path / "page.html").write_text(page)
    assert [fault for fault in faults(tmp_path) if "which is no file of the site" in fault]


def test_style_sheets_and_drawings_are_read_too(tmp_path):
    (tmp_path / "site.css").write_text("p { background: url('https://a.b/c') } q { background: url(fine.svg) }")
    (tmp_path / "fine.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><image href="//a.b/c"/></svg>')
    assert faults(tmp_path) == ["fine.svg: loads '//a.b/c', which is no file of the site",
                                "site.css: loads 'https://a.b/c', which is no file of the site"]  # fmt: skip


def test_what_lies_in_the_site_is_no_fault(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "page.html").write_text(
        '<a name="old"></a><a id="x" name="x"></a><a href="#old">1</a><a href="#top">2</a><a href="https://a.b">3</a>'
        '<img src="a.png?" srcset="a.png 1x, a.png 2x" alt="https://a.b"><p style="fill: url(#x)" title="url(http://a)">'
        '<link href="data:,"><img src="data:image/png;base64,AA=="><meta http-equiv=refresh content="5">'
        "<code>@import url(https://a.b)</code><style>p::before { content: 'see //' }</style>".replace("a.png?", "a.png")
    )
    assert faults(tmp_path) == []


def test_addresses_of_sets_and_sheets():
    assert in_set("a.png, b,c.png 2x,d.png 100w, ") == ["a.png", "b,c.png", "d.png"]
    assert in_set("a.png 1x, b.png 2.5x") == ["a.png", "b.png"]
    assert in_css("a{b:url( 'x y' )} @import 'z'; /* url(no) */ c{d:url()}") == ["x y", "z"]


# --- what the text of a guide may do ---


def test_html_in_a_guide_is_text():
    page = text.rendered("# A <b onclick=x>c</b>\n\n<script>x</script>\n\n<!-- other -->\n\n<sub><i></sub>\n", str).html
    assert re.findall(r"<(?!/)([^>]*)>", page) == ['h1 id="a-b-onclickxcb"', "p", "p", "p"]
    assert "&lt;script&gt;x&lt;/script&gt;" in page and "&lt;b onclick=x&gt;" in page


def test_the_marks_that_guides_need_stay():
    found = text.rendered(
        "## e<sup>z</sup> of a<sub>j</sub>\n\n<!-- cards -->\n", str, made={"<!-- cards -->": "<ul></ul>"}
    )
    assert found.html == '<h2 id="ez-of-aj">e<sup>z</sup> of a<sub>j</sub></h2>\n<ul></ul>'
    assert found.headings[0].title == "ez of aj" and "cards" not in "".join(found.headings[0].text)


def test_what_is_typed_is_all_that_is_copied():
    shown = text.commands("derive train --data x \\\n    --rate 3\nloss 1\nderive a    # why\n")
    assert re.findall(r'<span class="typed">(.*?)</span>', shown) == [
        "derive train --data x \\",
        "    --rate 3",
        "derive a",
    ]
    assert '<span class="comment">    # why</span>' in shown and "\nloss 1\n" in shown


def test_the_output_of_the_command_may_be_written_in_any_way(small):
    build(small, Path(os.path.normpath(small / "docs/../out")), ())
    assert (small / "out/index.html").is_file()
