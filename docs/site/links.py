"""Looks through a built site: every link leads to a page and an anchor that exist, and no page loads from elsewhere.

What a page does by scripts is not read; the policy in its head forbids it other origins.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from docs.site.loads import Found, in_css, read

_WITHIN = ("data:,", "data:image/", "data:font/")
_AWAY = ("http", "https", "mailto")
_TOP = "top"
"""An anchor that every page has (HTML Living Standard, 7.4.6.4)."""


def faults(site: Path) -> list[str]:
    """Every fault of a site as a sentence; an empty list is a site without one."""
    pages = {path.resolve(): _read(path) for path in sorted(site.rglob("*")) if path.suffix in _READ}
    return [fault for path, found in pages.items() for fault in _of(path, found, pages, site.resolve())]


def _read(path: Path) -> Found:
    return _READ[path.suffix](path.read_text(encoding="utf-8"))


def _sheet(text: str) -> Found:
    return Found(loads=in_css(text))


_READ = {".html": read, ".svg": read, ".css": _sheet}


def _of(path: Path, found: Found, pages: dict[Path, Found], site: Path) -> Iterator[str]:
    name = path.relative_to(site).as_posix()
    for anchor in sorted({one for one in found.anchors if found.anchors.count(one) > 1}):
        yield f"{name}: the anchor {anchor!r} stands there twice"
    for target in found.loads:
        if not target.lower().startswith(_WITHIN) and not _inside(path, target, site):
            yield f"{name}: loads {target!r}, which is no file of the site"
    for target in found.links:
        if _scheme(target) in _AWAY:
            continue
        place, anchor = urldefrag(target)
        goal = _file(path, target) if place else path
        if goal is None or not goal.is_file() or not goal.is_relative_to(site):
            yield f"{name}: the link {target!r} leads nowhere"
        elif anchor and goal in pages and unquote(anchor) not in pages[goal].anchors and anchor.lower() != _TOP:
            yield f"{name}: {goal.name} has no anchor {anchor!r}"


def _inside(path: Path, target: str, site: Path) -> bool:
    goal = _file(path, target)
    return goal is not None and goal.is_file() and goal.is_relative_to(site)


def _file(path: Path, target: str) -> Path | None:
    """The file to which an address on a page leads; None where it leads elsewhere, or is no address."""
    address = target.strip().replace("\\", "/")  # as browsers read it
    if _scheme(address) or address.startswith("//"):
        return None
    place, _ = urldefrag(address)
    try:
        return (path.parent / unquote(place)).resolve() if place else path
    except ValueError:  # a zero byte
        return None


def _scheme(target: str) -> str:
    try:
        return urlsplit(target.strip()).scheme
    except ValueError:  # "http://[": no address
        return "unreadable"
