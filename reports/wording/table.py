"""Sentences as text: `key: sentence` a line each, or an English line with its translation indented below it."""

from __future__ import annotations


def by_key(text: str, glue: str = " ") -> dict[str, str]:
    """`key: sentence`, a line each; what is indented continues the line above, and # begins a comment.

    `glue` stands where a line was continued.  Raises `ValueError` for a key that is given twice.
    """
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if line.startswith(" "):
            found[key] += f"{glue}{line.strip()}"
        elif line and not line.startswith("#"):
            key, _, sentence = line.partition(": ")
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
