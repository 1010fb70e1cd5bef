"""Looks through a built site: every link leads to a page and an anchor that exist, and no page loads from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src",
           "audio": "src", "object": "data", "embed": "src", "image": "href", "use": "href"}  # fmt: skip


@dataclass
class _Found(HTMLParser):
    """What a page names: its anchors, where its links go, and what it loads."""

    anchors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what matters of an element."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.anchors.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADED and given.get(_LOADED[tag]):
            self.loads.append(given[_LOADED[tag]])

    handle_startendtag = handle_starttag


def faults(site: Path) -> list[str]:
    """Every fault of a site as a sentence; an empty list is a site without one."""
    pages = {path.resolve(): _read(path) for path in sorted(site.rglob("*.html"))}
    return [fault for path, found in pages.items() for fault in _of(path, found, pages, site.resolve())]


def _read(path: Path) -> _Found:
    found = _Found()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def _of(path: Path, found: _Found, pages: dict[Path, _Found], site: Path) -> Iterator[str]:
    name = path.relative_to(site).as_posix()
    for anchor in sorted({one for one in found.anchors if found.anchors.count(one) > 1}):
        yield f"{name}: the anchor {anchor!r} stands there twice"
    for target in found.loads:
        if urlsplit(target).scheme != "data" and not _inside(path, target, site):
            yield f"{name}: loads {target!r}, which is no file of the site"
    for target in found.links:
        if urlsplit(target).scheme in ("http", "https", "mailto"):
            continue
        place, anchor = urldefrag(target)
        goal = path if not place else (path.parent / unquote(place)).resolve()
        if not goal.is_file() or not goal.is_relative_to(site):
            yield f"{name}: the link {target!r} leads nowhere"
        elif anchor and goal in pages and unquote(anchor) not in pages[goal].anchors:
            yield f"{name}: {goal.name} has no anchor {anchor!r}"


def _inside(path: Path, target: str, site: Path) -> bool:
    if urlsplit(target).scheme or target.startswith("//"):
        return False
    place, _ = urldefrag(target)
    goal = (path.parent / unquote(place)).resolve() if place else path
    return goal.is_file() and goal.is_relative_to(site)
