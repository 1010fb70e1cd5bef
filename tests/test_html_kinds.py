"""One page of each kind of report, in both languages between them, as its readers have it: nothing is found wrong.

All kinds in every look: `python -m benchmarks.pages`.  Chromium and axe are found as by `tests/test_html_browser.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.cli import main
from tests.browser import Browser, axe_path, browser_path
from tests.markdown_findings import markdown_findings
from tests.page_findings import LOOKS, findings

RIDGE = ("-g", r"f = \lVert X w - y \rVert^2", "--wrt", "w")
DATA = "a,b,class\n" + "".join(f"{place % 3},{place % 5},{'xy'[place % 2]}\n" for place in range(40))
# What is written, in which language, and the look in which it is seen: each kind, and each look, at least once.
KINDS = {
    "full": (("--layers", "1,1", "--no-bias", "--detail", "full"), "zh", "dark-telephone"),
    "exercises": (("--layers", "1,1", "--exercises", "--notation", "augmented"), "en", "telephone"),
    "given": (RIDGE, "zh", "light"),
    "hessian": (("hessian", *RIDGE), "en", "dark"),
    "train": (("train", "--layers", "2,3,2", "--data", "data.csv", "--epochs", "2"), "en", "dark-telephone"),
    "example": (("example", "chain"), "zh", "telephone"),
    "paper": (("--layers", "1,2", "--detail", "brief"), "zh", "paper"),
}
needs_browser = pytest.mark.skipif(browser_path() is None, reason="no browser: apt-get install chromium")


def written(arguments: tuple[str, ...], language: str, folder: Path) -> list[Path]:
    """The files of a report."""
    told = ("--language", language, "--format", "html,md", "--quiet", "--output", str(folder / "out"))
    with pytest.raises(SystemExit, match=r"^0$"):
        main([*arguments, *told])
    return sorted((folder / "out").iterdir())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = browser_path()
    assert program is not None
    with Browser(program) as found:
        yield found


@needs_browser
@pytest.mark.skipif(axe_path() is None, reason="no axe: npm install axe-core, or BACKPROOF_AXE")
@pytest.mark.parametrize("name", KINDS)
def test_a_page_of_each_kind_has_nothing_wrong(browser, tmp_path, monkeypatch, name):
    arguments, language, look = KINDS[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text(DATA)
    files = written(arguments, language, tmp_path)
    (seen,) = [one for one in LOOKS if one.name == look]
    for path in files:
        if path.suffix == ".html" and path.stem != "solutions":
            # Drawings have tests of their own, in which numbers and not fonts decide.
            found = findings(browser, path, seen, axe_path())
            assert [one for one in found if " a figure" not in one and " its figure" not in one] == []
        elif path.suffix == ".md":
            assert markdown_findings(path.read_text(encoding="utf-8")) == []


SPOILED = {
    "the page moves sideways": "<p>{wide}</p>",
    "cannot be reached by the keyboard": '<div class="tall"><b>{wide}</b></div>',
    "a letter of a figure is too small": '<figure><svg width="90"><text y="9" font-size="5">x</text></svg></figure>',
    "run into each other": '<figure><svg><text y="9">xxxx</text><text x="4" y="9">yyyy</text></svg></figure>',
    "runs out of its figure": '<figure><svg width="50"><text y="9" x="40">xxxxxxxx</text></svg></figure>',
    "cut above or below": '<div class="formula"><p>x</p></div>',
    "asks for": '<img src="other.png" alt="">',
    "axe, serious: color-contrast": '<p class="pale">pale</p>',
}
STYLE = (
    ".tall { overflow-x: auto; width: 50px } .formula { height: 9px; overflow: hidden } .pale { color: #ddd }"
    " b { display: block; width: 900px }"
)


@needs_browser
@pytest.mark.parametrize("what", SPOILED)
def test_what_is_wrong_with_a_page_is_found(browser, tmp_path, what):
    if what.startswith("axe") and axe_path() is None:
        pytest.skip("no axe: npm install axe-core, or BACKPROOF_AXE")
    path = tmp_path / "page.html"
    body = SPOILED[what].format(wide="w" * 300)
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><title>t</title><style>{STYLE}</style><main><h1>t</h1>{body}</main>'
    )
    found = findings(browser, path, LOOKS[0], axe_path() if what.startswith("axe") else None)
    assert [one for one in found if what in one], found


MARKDOWN = {
    "em_close inside a formula": "a *b $x* y$ c",
    "em_open inside a formula": "$$\na *e* f\n$$",
    "is no paragraph of its own": "$$\na\n\nb\n$$",
    "a row has 4 cells and the head 2": "| a | b |\n|:--|:--|\n| $|x|$ | 2 |",
    "a sign of emphasis is left over": "a ** b",
    "markup": "<b>x</b>",
    r"\\left": r"$\left( x$",
    "does not end": "a $x b",
}


@pytest.mark.parametrize("what", MARKDOWN)
def test_what_is_wrong_with_markdown_is_found(what):
    assert any(what in one for one in markdown_findings(MARKDOWN[what]))


def test_markdown_that_is_right_has_no_finding():
    text = 'ok $x _{k}$, `$a*b` a_b, \\*x\\* **bold** *it*\n\n<a id="n"></a>\n\n| a |\n|:--|\n| `c\\|d` |\n'
    assert markdown_findings(text) == []
