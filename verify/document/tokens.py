"""LaTeX source in pieces that are cheap to find: commands, comments, braces, dollar signs, ends of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(r"\\[A-Za-z]+|\\[\s\S]|\\$|%[^\n]*|\$\$|\$|[{}]|\n[ \t]*(?=\n)")
TEXT_TOKEN = re.compile(r"\\[A-Za-z]+|\\[\s\S]|%[^\n]*|\$\$|\$")
ENVIRONMENT = re.compile(r"[ \t]*\{([^{}\n]{1,40})\}")
_BLANK = re.compile(r"(?:[ \t\n]|%[^\n]*(?:\n|$))*")
_ROW = re.compile(r"\*?[ \t]*(?:\[[^\[\]\n]{0,20}\])?")


def tokens(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The tokens from `start` up to `end`; what stands between them is plain text."""
    return TOKEN.finditer(text, start, end)


def is_paragraph(token: str) -> bool:
    """Whether a token is the empty line that ends a paragraph."""
    return token[0] == "\n"


def after_blanks(text: str, at: int) -> int:
    """The place behind blanks, newlines and comments."""
    match = _BLANK.match(text, at)
    return match.end() if match else at


def group(text: str, at: int, most: int) -> tuple[int, int] | None:
    """The inside of the braces that open at `at`, or None where they do not close within `most` characters."""
    if text[at : at + 1] != "{":
        return None
    depth = 0
    for match in tokens(text, at, min(len(text), at + most)):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return at + 1, match.start()
    return None


def bracket(text: str, at: int, most: int) -> tuple[int, int] | None:
    """The inside of the square brackets that open at `at`; a bracket within braces does not close them."""
    if text[at : at + 1] != "[":
        return None
    depth = 0
    for match in re.finditer(r"\\[\s\S]|[{}\]]", text[: at + most][at:]):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == "]":
            return at + 1, at + match.start()
    return None


def environment(text: str, at: int) -> tuple[str, int]:
    r"""The name behind a `\begin` or `\end` that ends at `at`, and the place behind it; "" where there is none."""
    match = ENVIRONMENT.match(text, at)
    return (match[1].strip(), match.end()) if match else ("", at)


def row_end(text: str, at: int) -> int:
    r"""The place behind the star and the space of a `\\` that ends at `at`."""
    match = _ROW.match(text, at)
    return match.end() if match else at
