"""Sentences as text: `key: sentence` a line each, or an English line with its translation indented below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def by_key(text: str, glue: str = " ") -> dict[str, str]:
    """`key: sentence`, a line each; what is indented continues the line above, and # begins a comment.

    `glue` stands where a line was continued.  Raises `ValueError`, which shows the line, for a key that is given twice,
    a line without a key and a sentence, and a continuation of nothing.
    """
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if line.startswith(" "):
            if not key:
                raise ValueError(f"an indented line continues no sentence: {line.strip()!r}")
            found[key] += f"{glue}{line.strip()}"
        elif line and not line.startswith("#"):
            key, colon, sentence = line.partition(": ")
            if not (key and colon and sentence.strip()):
                raise ValueError(f"a line must be `key: sentence`, or indented, or a comment: {line!r}")
            if key in found:
                raise ValueError(f"the sentence {key!r} is given twice")
            found[key] = sentence
    return found


def by_english(text: str, glue: str = "") -> dict[str, str]:
    """The English, then its translation in indented lines; `# ` begins a comment, and an empty line parts nothing.

    English over several lines is joined by spaces, a translation by `glue`.  Raises `ValueError` for English that is
    given twice, or without a translation.
    """
    pairs: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("    "):
            if not pairs:
                raise ValueError(f"a translation of nothing: {line.strip()!r}")
            pairs[-1][1].append(line.strip())
        elif pairs and not pairs[-1][1]:
            pairs[-1][0].append(line)
        else:
            pairs.append(([line], []))
    found: dict[str, str] = {}
    for english, translated in pairs:
        whole = " ".join(english)
        if not translated or whole in found:
            raise ValueError(f"{whole!r} {'is given twice' if translated else 'has no translation'}")
        found[whole] = glue.join(translated)
    return found


def joined(*parts: Mapping[str, str]) -> dict[str, str]:
    """Tables as one; raises `ValueError` where two of them say different things for one key."""
    found: dict[str, str] = {}
    for part in parts:
        for key, sentence in part.items():
            if found.setdefault(key, sentence) != sentence:
                raise ValueError(f"{key!r} is given twice, as {found[key]!r} and as {sentence!r}")
    return found


def named(where: str, table: Callable[[str], dict[str, str]], text: str) -> dict[str, str]:
    """What `table` makes of a text; the `ValueError` of a line that is wrong names the place."""
    try:
        return table(text)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
