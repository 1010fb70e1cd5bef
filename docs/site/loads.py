"""What a page, a drawing or a style sheet loads from where, and where its links go, read from its text alone.

After the elements and attributes of the HTML Living Standard and of SVG 2, and the addresses of CSS Values 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EVERYWHERE = ("src", "poster", "background", "ping", "manifest", "action", "formaction")
"""Attributes whose value is loaded, or sent to, on whatever element they stand."""
_OF_ELEMENTS = {"link": ("href",), "object": ("data",), "base": ("href",), "image": ("href", "xlink:href"),
                "use": ("href", "xlink:href"), "feimage": ("href", "xlink:href")}  # fmt: skip
_SETS = ("srcset", "imagesrcset")
_STYLED = (
    "style",
    "fill",
    "stroke",
    "filter",
    "mask",
    "clip-path",
    "cursor",
    "marker-start",
    "marker-mid",
    "marker-end",
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})\s?|(.))", re.DOTALL)
_STRING = r"\"([^\"\n]*)\"|'([^'\n]*)'"
_URL = re.compile(rf"url\(\s*(?:{_STRING}|([^\"')]*))|@import\s*(?:{_STRING})", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[\"']\s*((?:[a-z][a-z0-9+.-]*:)?//[^\"'\n]*)[\"']", re.IGNORECASE)
_REFRESH = re.compile(r"[\d.\s]*[;,]?\s*(?:url\s*=)?", re.IGNORECASE)
_DESCRIPTOR = re.compile(r"[\d.]+[wxh](?:,|\Z)")


@dataclass
class Found(HTMLParser):
    """What a page names: its anchors, where its links go, and what it loads."""

    anchors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    _styled: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what matters of an element."""
        given = {name: value or "" for name, value in attrs}
        named = {given.get("id", ""), given.get("name", "") if tag == "a" else ""} - {""}
        self.anchors += sorted(named)
        if tag in ("a", "area"):
            self.links += [given[name] for name in ("href", "xlink:href") if name in given]
        self.loads += loaded(tag, given)
        self._styled = tag == "style"
        if self._styled:
            self.sheets.append("")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        """The end of a style sheet within the page."""
        self._styled = self._styled and tag != "style"

    def handle_data(self, data: str) -> None:
        """A part of a style sheet within the page."""
        if self._styled:
            self.sheets[-1] += data


def read(text: str) -> Found:
    """What a page or a drawing names."""
    found = Found()
    found.feed(text)
    found.close()
    found.loads += [address for sheet in found.sheets for address in in_css(sheet)]
    return found


def loaded(tag: str, given: dict[str, str]) -> Iterator[str]:
    """Every address that an element loads from or sends to."""
    for name in (*_EVERYWHERE, *_OF_ELEMENTS.get(tag, ())):
        if given.get(name, "").strip():
            yield given[name]
    for name in _SETS:
        yield from in_set(given.get(name, ""))
    for name in _STYLED:
        yield from in_css(given.get(name, ""))
    if tag == "meta" and given.get("http-equiv", "").strip().lower() == "refresh":
        yield from filter(None, [_REFRESH.sub("", given.get("content", ""), count=1).strip(" \"'")])
    if "srcdoc" in given:
        yield from read(given["srcdoc"]).loads


def in_set(value: str) -> list[str]:
    """The addresses of `a.png 1x, b.png 2x`."""
    parts = (_DESCRIPTOR.sub("", part, count=1).strip(",") for part in value.split())
    return [part for part in parts if part]


def in_css(text: str) -> list[str]:
    """The addresses of a style sheet: in `url(…)`, behind `@import`, and every string that begins like one."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub(" ", text))
    found = [next(part for part in one.groups() if part is not None).strip() for one in _URL.finditer(plain)]
    return [one for one in dict.fromkeys([*found, *_ELSEWHERE.findall(plain)]) if one]


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"
