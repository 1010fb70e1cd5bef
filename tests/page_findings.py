"""What is wrong with a page as its readers have it: on a desk, on a telephone, in the dark, on paper.

Every finding is a sentence.  The suite looks at one page of each kind of report, `python -m benchmarks.pages` at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser import Browser, Page


@dataclass(frozen=True)
class Look:
    """One way in which a page is read; no letter of a figure is smaller than `smallest` pixels there."""

    name: str
    size: tuple[int, int]
    dark: bool = False
    paper: bool = False
    smallest: float = 9.0


LOOKS = (
    Look("light", (1280, 1000)),
    Look("dark", (1280, 1000), dark=True),
    Look("telephone", (380, 800)),
    Look("dark-telephone", (380, 800), dark=True),
    Look("paper", (643, 970), paper=True, smallest=7.0),  # A4 less two margins of 20 mm, in pixels of 1/96 inch
)
MOST = 3  # findings of one kind that are told with their places
GRAVE = ("moderate", "serious", "critical")

# Each gives the places, as the beginnings of their HTML or text.
_PROBES = {
    "the page moves sideways": """
        document.documentElement.scrollWidth > innerWidth ?
            [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1 &&
                !one.closest(".scroll, .formula, pre, svg, .rests ul")).concat(document.body) : []""",
    "what is wider than its room cannot be reached by the keyboard": """
        [...document.querySelectorAll("body *")].filter(one => one.scrollWidth > one.clientWidth + 1 &&
            one.clientWidth > 0 && ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.tabIndex < 0)""",
    "a formula is cut above or below": """
        [...document.querySelectorAll(".formula")].filter(one => one.scrollHeight > one.clientHeight + 1)""",
    "a letter of a figure is too small": """
        [...document.querySelectorAll("figure svg text")].filter(one => {
            const turned = one.getScreenCTM();
            return turned && parseFloat(getComputedStyle(one).fontSize) * Math.hypot(turned.a, turned.b) < SMALLEST;
        })""",
    "letters of a figure run into each other": """
        [...document.querySelectorAll("figure svg")].flatMap(sheet => {
            const texts = [...sheet.querySelectorAll("text")].map(one => [one, one.getBoundingClientRect()]);
            const beside = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left);
            const above = (one, other) => Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
            return texts.filter(([, one], place) => texts.slice(place + 1).some(([, other]) => beside(one, other) > 1.5
                && above(one, other) > 0.45 * Math.min(one.height, other.height))).map(([one]) => one);
        })""",
    "a label runs out of its figure": """
        [...document.querySelectorAll("figure svg text")].filter(one => {
            const box = one.getBoundingClientRect(), sheet = one.closest("svg").getBoundingClientRect();
            return box.right > sheet.right + 2 || box.left < sheet.left - 2;
        })""",
}
_ON_PAPER = {
    "is cut by the edge of the paper": """
        [...document.querySelectorAll(".formula, .scroll")].filter(one => one.scrollWidth > one.clientWidth + 1)""",
    "is still folded on paper": """
        [...document.querySelectorAll("details.part:not([open])")].filter(one => one.clientHeight < 60)""",
    "stands on a dark ground": """
        [document.body].filter(one => getComputedStyle(one).backgroundColor !== "rgb(255, 255, 255)")""",
}
_SHOWN = """(found => found.map(one =>
    (one.localName === "text" ? one.textContent : one.outerHTML).slice(0, 120)
    + (one.closest("[id]") ? " #" + one.closest("[id]").id : "")))("""


def findings(
    browser: Browser, path: Path, look: Look, axe: Path | None, picture: Path | None = None, home: Path | None = None
) -> list[str]:
    """Everything that is wrong with a page in one look; `picture` is where a picture of it goes.

    A page may load files of the folder `home`, for a report none.
    """
    page = browser.page(path, size=look.size, dark=look.dark)
    try:
        if look.paper:
            page.send("Emulation.setEmulatedMedia", media="print")
        found = list(_found(page, look, axe, home.resolve().as_uri() + "/" if home else page.url))
        if picture:
            _pictured(page, look, picture)
        return found
    finally:
        page.close()


def _found(page: Page, look: Look, axe: Path | None, own: str) -> Iterator[str]:
    yield from (f"asks for {url}" for url in page.requests if not url.startswith((own, "data:")))
    yield from (f"the console says: {one}" for one in page.complaints)
    for what, script in (_ON_PAPER if look.paper else _PROBES).items():
        places = page.evaluate(f"{_SHOWN}{script.replace('SMALLEST', str(look.smallest))})")
        if places:
            yield f"{what} ({len(places)} times): {' | '.join(places[:MOST])}"
    if axe and not look.paper:
        yield from (_told(one) for one in page.axe(axe) if one["impact"] in GRAVE)


def _told(finding: dict[str, Any]) -> str:
    nodes = finding["nodes"]
    places = " | ".join(one["html"][:120] for one in nodes[:MOST])
    return f"axe, {finding['impact']}: {finding['id']} ({len(nodes)} times): {places}"


def _pictured(page: Page, look: Look, picture: Path) -> None:
    picture.parent.mkdir(parents=True, exist_ok=True)
    if look.paper:
        page.paper(picture.with_suffix(".pdf"))
    else:
        page.picture(picture.with_suffix(".png"))
