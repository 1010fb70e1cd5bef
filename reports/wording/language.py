"""The language that reports are written in: each is one module with a `LANGUAGE`, all its sentences in it.

`say(key)` and `phrase(english)` speak the language that `speaking` has set; English is what is written in the code.
`told(english)` is for words that come finished from elsewhere: the name of a loss, a note of the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module

from reports.inline import Inline, Text

LANGUAGES = {"en": "reports.wording.native", "zh": "reports.wording.chinese"}
"""Each language's code, as BCP 47 has it, and the module of its `LANGUAGE`."""

HOLE = re.compile(r"\{([A-Za-z_]\w*)\}")


def _unchanged(pieces: Inline) -> Inline:
    return pieces


@dataclass(frozen=True)
class Language:
    """A row.

    `sentences` are those of `say`, by key; `phrases` those of `phrase`, by the English; `words` what comes finished
    from elsewhere, by the English, with holes where that has values; `signs` the words in formulas.  `numerals` are the
    small numbers as words, none where figures are used; `nouns` what is counted, one and several.  `between` parts two
    sentences, `gap` a number and its noun, `colon` a sentence and the formula that it ends with.  `spaced` sets the
    spaces of a line right.  `fonts` are families with the letters of the language, any of which will do for a PDF, and
    `font_package` says how to get one; none where every engine brings its own.
    """

    code: str
    name: str
    sentences: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    numerals: tuple[str, ...] = ()
    nouns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    between: str = " "
    gap: str = " "
    colon: str = ": "
    signs: Mapping[str, str] = field(default_factory=dict)
    spaced: Callable[[Inline], Inline] = _unchanged
    fonts: tuple[str, ...] = ()
    font_package: str = ""

    def line(self, text: str) -> str:
        """A line of text with its spaces set right."""
        return "".join(piece.text for piece in self.spaced((Text(text),)) if isinstance(piece, Text))

    @property
    def native(self) -> bool:
        """Whether this is the language that the code is written in."""
        return self.code == NATIVE


NATIVE = "en"
_current: ContextVar[str] = ContextVar("language", default=NATIVE)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within this, reports are written in a language.  Raises `SpecError` for one that there is not."""
    if code not in LANGUAGES:
        raise _unknown(code)
    token = _current.set(code)
    try:
        yield
    finally:
        _current.reset(token)


def _unknown(code: str) -> ValueError:
    return _spec(f"the language must be one of {', '.join(LANGUAGES)}, not {code!r}")


def _spec(message: str) -> ValueError:
    from derive.network import SpecError  # here: it brings SymPy, which no language needs

    return SpecError(message)


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _current.get()


def language(code: str = "") -> Language:
    """The row of a language, or of the one that is spoken now.

    Raises `SpecError` for one that there is not, and for one whose sentences are no table: it says which line is wrong.
    """
    code = code or spoken()
    if code not in LANGUAGES:
        raise _unknown(code)
    try:
        row: Language = import_module(LANGUAGES[code]).LANGUAGE  # here: a language is read when it is spoken
    except ValueError as error:
        raise _spec(f"the sentences of the language {code} cannot be read: {error}; mend that line") from None
    return row


class Told(str):
    """Words that are in the language already; `phrase` leaves them as they are."""

    __slots__ = ()


def phrase(english: str, code: str = "") -> str:
    """A sentence that the code gives in English, in a language, or the one that is spoken; its holes are the same.

    Raises `KeyError` where the language lacks it.
    """
    row = language(code)
    return english if row.native or isinstance(english, Told) else row.phrases[english]


def told(english: str) -> str:
    """Words that come finished from elsewhere, with their values in them; what the language does not know stays."""
    row = language()
    if row.native or not re.search("[A-Za-z]{2}", english):
        return english
    found = _known(row.code, english.strip())
    return english if found is None else row.line(found)


@lru_cache(maxsize=4096)
def _known(code: str, english: str) -> str | None:
    row = language(code)
    for known in (row.words, row.phrases):
        if english in known:
            return known[english]
    parts = [_known(code, part) for part in english.split("; ")] if "; " in english else []
    if parts and None not in parts:
        return phrase("; ", code).join(filter(None, parts))
    for pattern, template in _templates(code):
        match = pattern.fullmatch(english)
        if match is not None:
            return _filled(template, {name: _known(code, value) or value for name, value in match.groupdict().items()})
    return None


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A sentence with its holes filled; other braces stay, as those of LaTeX."""
    return HOLE.sub(lambda hole: values[hole[1]], template)


@cache
def _templates(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The words with holes, as patterns, the most definite first."""
    rows = [(english, translated) for english, translated in language(code).words.items() if HOLE.search(english)]
    rows.sort(key=lambda one: -len(HOLE.sub("", one[0])))
    return tuple((_pattern(english), translated) for english, translated in rows)


def _pattern(english: str) -> re.Pattern[str]:
    parts = HOLE.split(english)
    texts = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(texts), re.DOTALL)
