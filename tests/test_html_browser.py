"""Pages in a real browser: nothing leaves the page, nothing complains, and what the script promises works.

They run where Chromium is found (`apt-get install chromium`, or `BACKPROOF_BROWSER`), axe where `axe.min.js` is found
(`npm install axe-core`, or `BACKPROOF_AXE`).  By hand: `python -m tests.browser derivation.html --pictures out`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from derive import Derivation, Network
from reports.chapter import chapter
from reports.document import Document, Figure, Section, inline
from reports.html import html
from reports.html.theme import DARK, LIGHT
from tests.browser import DESK, PHONE, SERIOUS, Browser, Page, axe_path, browser_path
from tests.demo_document import demo, drawing
from tests.test_html import HOSTILE, hostile
from verify import Point, examine

pytestmark = pytest.mark.skipif(browser_path() is None, reason="no browser: apt-get install chromium")
NETWORK = Network([2, 3, 1])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = browser_path()
    assert program is not None
    with Browser(program) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    network = chapter(examine(Derivation(NETWORK), Point.random(NETWORK, 0)))
    for name, document in {"network": network, "demo": demo(), "hostile": hostile("".join(HOSTILE[:-7]))}.items():
        (made / f"{name}.html").write_text(html(document), encoding="utf-8")
    return made


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    found = browser.page(folder / "network.html")
    yield found
    found.close()


@pytest.mark.parametrize("name", ["network", "demo", "hostile"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_request_leaves_the_page_and_nothing_complains(browser, folder, name, dark):
    page = browser.page(folder / f"{name}.html", dark=dark)
    assert [url for url in page.requests if url != page.url and not url.startswith("data:")] == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.classList.contains('js')")
    page.close()


def test_the_check_of_requests_and_complaints_sees_what_it_should(browser, folder):
    text = (folder / "demo.html").read_text(encoding="utf-8")
    bad = folder / "bad.html"
    bad.write_text(text.replace("</main>", '<img src="http://127.0.0.1:9/x.png"><script>alert(1)</script></main>'))
    page = browser.page(bad)
    assert any("Content Security Policy" in one for one in page.complaints)
    page.close()
    loose = folder / "loose.html"
    loose.write_text('<!DOCTYPE html><title>t</title><img src="other.png"><script>throw Error("x")</script>')
    page = browser.page(loose)
    assert any(url.endswith("other.png") for url in page.requests)
    assert any("Uncaught" in one for one in page.complaints)
    page.close()


@pytest.mark.parametrize(
    ("name", "dark", "size"),
    [("network", False, DESK), ("demo", True, DESK), ("demo", False, PHONE)],
    ids=["light", "dark", "telephone"],
)
@pytest.mark.skipif(axe_path() is None, reason="no axe: npm install axe-core, or BACKPROOF_AXE")
def test_axe_finds_nothing_serious(browser, folder, name, dark, size):
    page = browser.page(folder / f"{name}.html", dark=dark, size=size)
    found = page.axe(axe_path())
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in SERIOUS] == []
    page.close()


EQUATION = '.eq[id="s2"]'
ANNOTATION = f"document.querySelector('{EQUATION} annotation').textContent"


def test_the_button_copies_the_latex(page):
    page.click(f"{EQUATION} .copy")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.evaluate(ANNOTATION)
    assert "\\" in copied
    assert page.evaluate(f"document.querySelector('{EQUATION} .copy').textContent") == "Copied"
    assert page.evaluate("document.getElementById('_spoken').textContent") == "Copied"


def test_the_button_works_by_keyboard_and_where_the_clipboard_is_refused(browser, folder):
    before = (
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value; });"
    )
    page = browser.page(folder / "network.html", before=before)
    page.evaluate(f"document.querySelector('{EQUATION} .copy').focus()")
    page.press("Enter")
    assert page.evaluate("window.copied") == page.evaluate(ANNOTATION)
    assert page.evaluate(f"document.activeElement === document.querySelector('{EQUATION} .copy')")
    page.close()


def test_a_pointer_on_an_error_signal_marks_all_of_them_and_its_definition(page):
    page.hover('.formula .q[data-q="1"]')
    lit = page.evaluate("Array.from(document.querySelectorAll('.q.on'), one => one.dataset.q)")
    assert len(lit) > 10
    assert set(lit) == {"1"}
    assert page.evaluate("document.querySelectorAll('.q[data-q=\"1\"]:not(.on)').length") == 0
    home = page.evaluate("document.querySelector('.eq.defining').id")
    assert page.evaluate("document.getElementById('_place').getAttribute('href')") == f"#{home}"
    assert page.evaluate("document.getElementById('_note').hidden") is False
    page.hover("h1")
    assert page.evaluate("document.querySelectorAll('.q.on, .eq.defining').length") == 0
    assert page.evaluate("document.getElementById('_note').hidden") is True


def test_the_keyboard_reaches_an_error_signal_and_goes_to_its_definition(page):
    page.evaluate("document.querySelector('.eq:not([data-defines]) .formula .q[tabindex]').focus()")
    key = page.evaluate("document.activeElement.dataset.q")
    assert page.evaluate(f"document.querySelectorAll('.q.on[data-q=\"{key}\"]').length") > 10
    page.press("Enter")
    home = page.evaluate("location.hash.slice(1)")
    assert page.evaluate(f"document.getElementById('{home}').dataset.defines") == key
    page.press("Escape")
    assert page.evaluate("document.querySelectorAll('.q.on').length") == 0


def test_a_button_pins_a_quantity_until_it_is_pressed_again(page):
    page.click(".quantities button")
    page.hover("h1")
    assert page.evaluate("document.querySelectorAll('.q.on').length") > 10
    assert page.evaluate("document.querySelector('.quantities button').getAttribute('aria-pressed')") == "true"
    page.click(".quantities button")
    page.hover("h1")
    assert page.evaluate("document.querySelectorAll('.q.on').length") == 0
    assert page.evaluate("document.querySelector('.quantities button').getAttribute('aria-pressed')") == "false"


def test_parts_fold_and_a_link_opens_what_it_leads_to(page):
    page.click("#_fold")
    assert page.evaluate("document.querySelectorAll('details.part[open]').length") == 0
    inside = page.evaluate("document.querySelector('details.part .eq').id")
    page.evaluate(f"location.hash = '#{inside}'")
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    assert page.evaluate(f"document.getElementById('{inside}').closest('details').open")
    page.click("#_unfold")
    assert page.evaluate("document.querySelectorAll('details.part:not([open])').length") == 0


def test_a_step_unfolds_to_the_equations_that_it_rests_on(page):
    page.click("details.rests summary")
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    found = page.evaluate(
        "Array.from(document.querySelectorAll('details.rests[open] li'), one => "
        "[one.querySelector('annotation').textContent, "
        "document.getElementById(one.dataset.of).querySelector('annotation').textContent])"
    )
    assert len(found) > 0
    assert all(copy == original for copy, original in found)
    assert page.evaluate("document.querySelectorAll('details.rests [tabindex]').length") == 0


def test_light_and_dark_follow_the_reader(browser, folder):
    ground = "getComputedStyle(document.body).backgroundColor"
    paper = {name: rgb(dict(theme.variables())["paper"]) for name, theme in (("light", LIGHT), ("dark", DARK))}
    page = browser.page(folder / "demo.html", dark=True)
    page.evaluate("localStorage.clear()")
    assert page.evaluate(ground) == paper["dark"]
    page.click("#_theme")
    assert page.evaluate(ground) == paper["light"]
    assert page.evaluate("document.getElementById('_theme').textContent") == "Dark"
    page.send("Emulation.setEmulatedMedia", media="print")
    assert page.evaluate(ground) == paper["light"]
    page.evaluate("localStorage.clear()")
    page.close()


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[place : place + 2], 16) for place in (1, 3, 5)))


@pytest.mark.parametrize("name", ["network", "demo"])
def test_a_telephone_shows_the_page_without_moving_it_sideways(browser, folder, name):
    page = browser.page(folder / f"{name}.html", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert page.evaluate("document.querySelectorAll('.formula > math.narrow').length") > 0
    assert page.evaluate("getComputedStyle(document.querySelector('.formula > math.wide')).display") == "none"
    page.close()


def test_a_telephone_shows_a_small_figure_whole_and_a_wide_one_large(browser, folder, tmp_path):
    sheets = [replace(drawing(), width=size) for size in (80, 150)]
    blocks = tuple(Figure(one, inline("A caption."), "A drawing.") for one in sheets)
    path = tmp_path / "figures.html"
    path.write_text(html(Document("Figures", (Section(inline("Two"), blocks),))), encoding="utf-8")
    page = browser.page(path, size=PHONE)
    small, wide = page.evaluate(
        "[...document.querySelectorAll('figure svg')].map(one => one.getBoundingClientRect().width)"
    )
    room = page.evaluate("document.querySelector('figure').clientWidth")
    assert 0.8 * room < small < room + 1 < wide
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.close()


def test_a_desk_shows_formulas_whole(browser, folder):
    page = browser.page(folder / "network.html")
    cut = page.evaluate("Array.from(document.querySelectorAll('.formula')).filter(one => one.scrollWidth > "
                        "one.clientWidth + 1).map(one => one.parentElement.id)")  # fmt: skip
    assert cut == []
    page.close()


def test_formulas_are_drawn_by_the_browser(page):
    box = "getBoundingClientRect()"
    fraction = page.evaluate(f"document.querySelector('.formula mfrac').{box}.height")
    letter = page.evaluate(f"document.querySelector('.formula mi').{box}.height")
    assert fraction > 1.5 * letter
    assert page.evaluate(f"document.querySelector('annotation').{box}.height") == 0


def test_paper_shows_everything_that_is_folded(browser, folder, tmp_path):
    page = browser.page(folder / "network.html")
    page.click("#_fold")
    page.paper(tmp_path / "folded.pdf")
    page.click("#_unfold")
    page.paper(tmp_path / "open.pdf")
    page.close()
    reader = pytest.importorskip("pypdf", reason="pypdf reads the pages").PdfReader
    assert len(reader(tmp_path / "folded.pdf").pages) == len(reader(tmp_path / "open.pdf").pages) > 5
