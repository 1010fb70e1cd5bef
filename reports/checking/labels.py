"""Places of a line underlined, with what is to be said hung below them.

δ² = w³ δ³ ⊙ σ′(z²)
     ───┬──
        transpose: going back through a layer …
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.checking.lines import Line
from reports.wording.wrapping import wrapped

NARROWEST = 44
"""Columns below which words hang badly: then they stand on the left, at the end of an elbow."""


@dataclass(frozen=True)
class Signs:
    """What lines are drawn with."""

    rule: str = "─"
    stem: str = "┬"
    bar: str = "│"
    corner: str = "┌"
    end: str = "┘"


UNICODE = Signs()
ASCII = Signs("^", "^", "|", "+", "+")


@dataclass(frozen=True)
class Label:
    """Columns from `first` to `last`, and what is said about them."""

    first: int
    last: int
    words: str

    @property
    def middle(self) -> int:
        """The column at which the words hang."""
        return (self.first + self.last + 1) // 2


def labelled(line: Line, labels: list[Label], width: int, signs: Signs = UNICODE) -> list[str]:
    """The line, and below it what is said about its places; labels do not overlap."""
    waiting = sorted(labels, key=lambda one: one.first)
    hung = [one for one in waiting if one.words]
    if len(hung) > 1 and any(width - one.middle < NARROWEST for one in hung):
        return [text for one in waiting for text in labelled(line, [one], width, signs)]
    found = [line.text.rstrip()]
    if waiting:
        found.append(_rules(waiting, signs))
    for place in range(len(hung) - 1, -1, -1):
        found += _hung(hung[: place + 1], width, signs)
    return found


def _rules(labels: list[Label], signs: Signs) -> str:
    text = ""
    for one in labels:
        rule = signs.rule * (one.last - one.first + 1)
        at = one.middle - one.first
        if one.words:
            rule = rule[:at] + signs.stem + rule[at + 1 :]
        text = text.ljust(one.first) + rule
    return text


def _hung(labels: list[Label], width: int, signs: Signs) -> list[str]:
    """The words of the last label, beside the stems of those on its left."""
    last = labels[-1]
    stems = ""
    for one in labels[:-1]:
        stems = stems.ljust(one.middle) + signs.bar
    if width - last.middle >= NARROWEST:
        words = wrapped(last.words, width - last.middle)
        return [f"{stems.ljust(last.middle)}{one}" for one in words]
    left = min(4, last.middle)
    elbow = [" " * left + signs.corner + signs.rule.replace("^", "-") * (last.middle - left - 1) + signs.end]
    words = wrapped(last.words, width - left)
    return [*(elbow if last.middle > left else []), *(f"{' ' * left}{one}" for one in words)]
