"""The words inside formulas and drawings, in the language that is spoken: `otherwise` in a case, `loss` at an axis."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from derive.layout import Box, Glyph
from reports.figures.drawing import Drawing, Label, Mark
from reports.wording.language import language, told


def lettered(box: Box) -> Box:
    """A formula with the words in it told; itself where there are none."""
    signs = language().signs
    return _changed(box, signs) if signs else box


def unlettered(box: Box) -> Box:
    """The same with the words in it as they are in English: for whoever reads formulas and not sentences."""
    signs = {told: name for name, told in language().signs.items()}
    return _changed(box, signs) if signs else box


def _changed(thing: Any, signs: Any) -> Any:
    if isinstance(thing, Glyph):
        return replace(thing, name=signs[thing.name]) if thing.kind == "text" and thing.name in signs else thing
    if isinstance(thing, tuple):
        return tuple(_changed(one, signs) for one in thing)
    if not hasattr(thing, "__dataclass_fields__"):
        return thing
    return replace(thing, **{one.name: _changed(getattr(thing, one.name), signs) for one in fields(thing)})


def drawn(drawing: Drawing) -> Drawing:
    """A drawing with the words of its labels told."""
    return drawing if language().native else replace(drawing, marks=tuple(map(_mark, drawing.marks)))


def _mark(mark: Mark) -> Mark:
    if not isinstance(mark, Label):
        return mark
    return replace(mark, content=told(mark.content) if isinstance(mark.content, str) else lettered(mark.content))
