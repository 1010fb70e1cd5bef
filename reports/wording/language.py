"""The language that reports are written in: each is one module with the sentences of all others in it.

`say(key)` and `phrase(english)` speak the language that `speaking` has set; English is what is written in the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module

LANGUAGES = {"en": "", "zh": "reports.wording.chinese"}
"""Each language's code, as BCP 47 has it, and the module with its `SENTENCES` by key and `PHRASES` by the English."""

_current: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within this, reports are written in a language.  Raises `ValueError` for one that there is not."""
    if code not in LANGUAGES:
        raise ValueError(f"the language must be one of {', '.join(LANGUAGES)}, not {code!r}")
    token = _current.set(code)
    try:
        yield
    finally:
        _current.reset(token)


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _current.get()


def phrase(english: str) -> str:
    """A sentence that the code gives in English, in the language that is spoken; its holes are the same.

    Raises `KeyError` where the language lacks it.
    """
    home = LANGUAGES[spoken()]
    if not home:
        return english
    known: Mapping[str, str] = import_module(home).PHRASES
    return known[english]
