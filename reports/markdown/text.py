"""Any text as Markdown that says exactly that: nothing in it is markup, a formula, a mention or a link."""

from __future__ import annotations

import re

from reports.html.text import visible

# These would become HTML, a formula, a mention of a person or a link by themselves; a tag between keeps them text.
_APART = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": r"<span>\$</span>", "@": "<span>@</span>", ":": "<span>:</span>"}
_LINKS = re.compile(r"[<>&$@]|:(?=//)")


def escape(text: str) -> str:
    """Text inside a line; only what would be read as markup is escaped: `a - b (c).` stays as it is."""
    found = re.sub(r"([\\`*_\[\]|~])", r"\\\1", visible(text).replace("\n", " "))
    found = _LINKS.sub(lambda match: _APART[match[0]], found)
    found = re.sub(r"#(?=\d)", "<span>#</span>", found)
    found = re.sub(r"(?<!\S)(#+)(?!\S)", r"\\\1", found)  # at either end of a heading it would vanish
    return re.sub(r"\b(www)(?=\.)", r"<span>\1</span>", found, flags=re.IGNORECASE)


def begun(line: str) -> str:
    """A line that begins no list, heading or rule: `- x` and `1. x` stay text."""
    line = re.sub(r"^(\s*)([+=-])", r"\1\\\2", line)
    return re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", line)


def code(text: str) -> str:
    """Code inside a line, between as many backquotes as it needs."""
    text = visible(text).replace("\n", " ")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") or (text.strip() and text[0] == text[-1] == " ") else ""
    return f"{fence}{space}{text}{space}{fence}" if text else ""


def fenced(source: str, language: str) -> str:
    """A program between fences longer than any in it."""
    longest = max((len(run) for run in re.findall("`{3,}", source)), default=2)
    fence = "`" * (longest + 1)
    name = language if re.fullmatch(r"[A-Za-z0-9+-]*", language) else ""
    return f"{fence}{name}\n{visible(source)}\n{fence}"
