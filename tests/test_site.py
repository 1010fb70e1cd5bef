"""The site: built from the repository as a whole, every link leads somewhere, nothing is loaded from elsewhere.

The pages are also opened in a browser where Chromium is found, and looked through by axe where `axe.min.js` is.
By hand: `python3 run.py docs` and `python -m tests.browser site/index.html --pictures pictures`.
"""

import importlib
import json
import re
import subprocess
import sys

import pytest

from docs.site import gallery, reference, text
from docs.site.build import build
from docs.site.links import faults
from docs.site.pages import SiteError, listed
from tests.browser import PHONE, SERIOUS, Browser, axe_path, browser_path
from tests.doc_examples import ROOT

REPORTS = ("network-2-3-1", "ridge")
INDEX = "# Home\n\n## Guides\n\n- [One](one.md): the first\n- [Read me](../README.md): the start\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "built"
    build(ROOT, folder, REPORTS)
    return folder


@pytest.fixture
def small(tmp_path):
    """A repository with two pages, to be spoiled."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(INDEX)
    (tmp_path / "docs/one.md").write_text("# One\n\nSee [home](index.md) and [below](#below).\n\n## Below\n\nText.\n")
    (tmp_path / "README.md").write_text("# Read me\n\n[One](docs/one.md#below)\n")
    return tmp_path


# --- the whole site ---


def test_every_guide_and_every_package_has_a_page_in_the_list(site):
    pages = listed(ROOT)
    assert {page.source for page in pages} >= {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    home = (site / "index.html").read_text()
    for page in pages:
        assert (site / page.file).is_file() and f'href="{page.file}"' in home
    for package in reference.PACKAGES:
        assert (site / f"reference/{package.name}.html").is_file()


def test_no_link_is_broken_and_nothing_is_loaded_from_elsewhere(site):
    assert faults(site) == []


def test_nothing_in_the_site_names_another_origin_but_in_links(site):
    for path in (*site.glob("*.css"), site / "site.js"):
        assert not re.search(r"https?:|//[a-z]|@import|@font-face|url\(", path.read_text().replace("// ", "")), path
    for path in [one for one in site.rglob("*.html") if "gallery/" not in one.as_posix()]:
        page = path.read_text()
        assert "default-src 'none'" in page and not re.search(r"<script>|<style>|\son[a-z]+=\"", page), path


def test_the_search_knows_every_section(site):
    words = (site / "search.js").read_text().removeprefix("window.SECTIONS = ").removesuffix(";\n")
    sections = json.loads(words.replace("<\\/", "</"))
    urls = [one["url"] for one in sections]
    assert len(urls) == len(set(urls)) > 150
    assert {"checking.html#how-sure-is-it", "reference/verify.html#check"} <= set(urls)
    for one in sections:
        place, anchor = one["url"].split("#")
        assert f'id="{anchor}"' in (site / place).read_text()


def test_reports_are_made_and_shown(site):
    page = (site / "gallery.html").read_text()
    assert gallery.MARK not in page and page.count('<li class="card">') == len(REPORTS)
    assert 'src="gallery/network-2-3-1/derivation-figure-1.svg"' in page
    assert "∂f/∂w = 2(λ w + Xᵀ(X w − y))" in page  # there is no figure, so the result is shown
    for name in REPORTS:
        kinds = sorted(path.suffix for path in (site / "gallery" / name).iterdir())
        assert kinds in ([".html", ".ipynb"], [".html", ".ipynb", ".svg"])


def test_the_site_is_the_same_when_it_is_built_again(small, tmp_path):
    for name in ("first", "second"):
        build(small, tmp_path / name, ())
    for path in (tmp_path / "first").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()


# --- what is refused ---


def spoil(name, old, new):
    def change(root):
        path = root / name
        kept = path.read_text() if path.exists() else ""
        path.write_text(kept.replace(old, new, 1) if old else new)

    return change


SPOILED = [
    (spoil("docs/two.md", "", "# Two\n"), "docs/two.md is on no list of docs/index.md: add a line"),
    (spoil("docs/index.md", "one.md", "none.md"), "docs/index.md lists none.md, which does not exist"),
    (spoil("docs/index.md", "../README.md", "one.md"), "two pages of docs/index.md would be one.html"),
    (spoil("docs/one.md", "index.md", "away.md"), "docs/one.md: the link to away.md leads to no page of the site"),
    (spoil("docs/one.md", "#below", "#above"), "one.html: one.html has no anchor 'above'"),
    (spoil("README.md", "#below", "#above"), "readme.html: one.html has no anchor 'above'"),
    (spoil("docs/one.md", "Text.", "![a](http://a.b/c.png)"), "one.html: loads 'http://a.b/c.png', which is no file"),
    (spoil("docs/one.md", "Text.", "![a](c.png)"), "one.html: loads 'c.png', which is no file of the site"),
    (spoil("docs/one.md", "Text.", "```math\n\\frac{1\n```"), "the formula '\\\\frac{1' cannot be shown"),
]


@pytest.mark.parametrize(("change", "sentence"), SPOILED, ids=[row[1] for row in SPOILED])
def test_a_fault_is_told_and_the_old_site_stays(small, change, sentence):
    output = small / "out"
    build(small, output, ())
    before = sorted(path.name for path in small.iterdir())
    change(small)
    with pytest.raises(SiteError, match=re.escape(sentence)):
        build(small, output, ())
    assert (output / "one.html").is_file()
    assert sorted(path.name for path in small.iterdir()) == before


def test_a_folder_of_somebody_else_is_left_alone(small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    for place in ("mine", "mine/letter.txt"):
        with pytest.raises(SiteError, match="name an"):
            build(small, tmp_path / place, ())
    assert (tmp_path / "mine/letter.txt").read_text() == "dear"


def test_a_report_that_nobody_knows_or_that_fails_is_told(tmp_path, monkeypatch):
    with pytest.raises(SiteError, match="there is no report 'x' in the gallery; there are network-2-3-1"):
        gallery.built(["x"], tmp_path)
    monkeypatch.setitem(gallery.REPORTS, "bad", gallery.Report("bad", "Bad", "fails", ("--layers", "2")))
    with pytest.raises(SiteError, match="ended with exit code 2: derive: --layers must name at least two widths"):
        gallery.built(["bad"], tmp_path)


def test_the_command_says_a_fault_in_one_sentence(tmp_path):
    command = [sys.executable, "-m", "docs.site", "--gallery", "nothing", "--output", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == "" and not (tmp_path / "out").exists()
    assert done.stderr.startswith("docs: there is no report 'nothing'") and done.stderr.count("\n") == 1


def test_the_link_check_finds_what_is_wrong(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="x"><p id="x"><a href="b.html">1</a><a href="#y">2</a><a href="../a.html">3</a><a href="https://a.b">4</a>'
        '<img src="//a.b/c"><link href="data:,"><script src="s.js"></script><a href="a.html#x">5</a>'
    )
    assert faults(tmp_path) == [
        "a.html: the anchor 'x' stands there twice",
        "a.html: loads '//a.b/c', which is no file of the site",
        "a.html: loads 's.js', which is no file of the site",
        "a.html: the link 'b.html' leads nowhere",
        "a.html: a.html has no anchor 'y'",
        "a.html: the link '../a.html' leads nowhere",
    ]


# --- text and reference ---


def html(source):
    return text.rendered(source, lambda target: target).html


def test_formulas_are_mathml_with_their_latex():
    page = html("```math\n\\frac{\\partial L}{\\partial x} = A x + A^T x\n```\n")
    assert '<math display="block">' in page and "<mfrac>" in page
    assert (
        '<annotation encoding="application/x-tex">\\frac{\\partial L}{\\partial x} = A x + A^T x</annotation>' in page
    )


def test_programs_are_coloured_and_commands_set_apart():
    assert '<span class="keyword">import</span>' in html("```python\nimport numpy\n```\n")
    page = html("    $ derive check '<a>'\n    correct\n")
    assert "<span class=\"typed\">$ derive check '&lt;a&gt;'</span>\ncorrect" in page
    assert html("```klingon\n<b>\n```\n").count("&lt;b&gt;") == 1


def test_headings_have_anchors_as_code_hosts_make_them():
    found = text.rendered("# A\n\n## `f(x)`, and More!\n\n## A\n\n### σ′ of z\n", str).headings
    assert [one.name for one in found] == ["a", "fx-and-more", "a-1", "σ-of-z"]


@pytest.mark.parametrize("package", reference.PACKAGES, ids=[one.name for one in reference.PACKAGES])
def test_every_public_name_is_described(package):
    module = importlib.import_module(package.name)
    page = reference.page(package.name)
    assert not re.search(r"0x[0-9a-f]{6}", page)
    for name in module.__all__:
        section = page.split(f"\n## {name.replace('_', chr(92) + '_')}\n")[1].split("\n## ")[0]
        assert re.sub(r"```.*?```", "", section, flags=re.DOTALL).strip(), f"{package.name}.{name} has no docstring"


def test_every_package_with_lazy_names_is_in_the_reference():
    found = {path.parent.relative_to(ROOT).as_posix().replace("/", ".")
             for room in ("derive", "verify", "reports") for path in (ROOT / room).rglob("__init__.py")
             if "\n_HOMES" in path.read_text()}  # fmt: skip
    assert found and found <= {one.name for one in reference.PACKAGES}


def test_every_command_is_in_the_reference():
    page = reference.page("commands")
    for name in ("derive", "derive check", "derive certify", "derive hessian", "derive train", "derive example"):
        assert f"## {name}\n\n    Usage: {name} [OPTIONS]" in page


class Shown:
    """A class; with a list_of_names and *stars*."""

    def __init__(self, size: int = 3, *, key: object = object()) -> None:
        """Made with a size."""

    def grown(self, by: "int") -> "Shown":
        """A larger one, as in

            indented <code>

        by what `by` says.
        """
        return self

    def _hidden(self):
        """Nobody sees it."""


def test_signatures_are_plain_and_docstrings_are_kept(monkeypatch):
    monkeypatch.setattr(reference, "ROOMS", (__name__.split(".")[0],))
    page = "\n".join(reference.described("Shown", Shown))
    assert "Shown(size: int = 3, *, key: object = …)\n" in page and "grown(by: int) -> Shown\n" in page
    assert r"list\_of\_names and \*stars\*" in page and "    indented <code>" in page and "hidden" not in page
    assert r"### Shown.\_\_init\_\_" in page


# --- in a browser ---


needs_browser = pytest.mark.skipif(browser_path() is None, reason="no browser: apt-get install chromium")


@pytest.fixture(scope="module")
def browser():
    with Browser(browser_path()) as found:
        yield found


@needs_browser
@pytest.mark.parametrize("name", ["index", "checking", "gallery", "reference/verify"])
def test_pages_load_their_own_files_and_nothing_complains(browser, site, name):
    page = browser.page(site / f"{name}.html", dark=name == "index")
    assert all(url.startswith((site.as_uri(), "data:")) for url in page.requests)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.classList.contains('js')")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "32px"
    page.close()


@needs_browser
def test_the_search_works_from_a_file(browser, site):
    page = browser.page(site / "reference/derive.html")
    page.evaluate("""(() => { const field = document.getElementById('_search'); field.focus(); field.value = 'resume';
        field.dispatchEvent(new Event('input')); })()""")
    found = page.evaluate("""new Promise(done => { const look = () => {
        const links = [...document.querySelectorAll('#_found a')];
        if (links.length) done(links.map(one => one.href)); else setTimeout(look, 20); }; look(); })""")
    assert any(url.startswith(f"{site.as_uri()}/grading.html#") for url in found)
    assert page.complaints == []
    page.close()


@needs_browser
@pytest.mark.parametrize("name", ["index", "engine", "gallery", "reference/verify"])
def test_a_telephone_shows_the_whole_width(browser, site, name):
    page = browser.page(site / f"{name}.html", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@needs_browser
@pytest.mark.skipif(axe_path() is None, reason="no axe: npm install axe-core, or BACKPROOF_AXE")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["index", "engine", "gallery", "reference/verify"])
def test_axe_finds_nothing_serious(browser, site, name, dark):
    page = browser.page(site / f"{name}.html", dark=dark)
    assert [one for one in page.axe(axe_path()) if one["impact"] in SERIOUS] == []
    page.close()
