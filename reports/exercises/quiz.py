"""A quiz: right and wrong formulas made from a derivation, every label confirmed by the checker before it is given.

A formula is called right only where the checker proves it, wrong only where it refutes it: by numbers at which the two
sides differ, or by shapes that do not fit.  What is undecided is left out.  Right and wrong ones are spelled alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from derive.derivation import Derivation
from reports.exercises.claims import Claim, claims, question
from reports.exercises.mistakes import MISTAKES, Mistake
from reports.exercises.spelling import spelled
from verify.checking.answer import Answer
from verify.checking.check import answer
from verify.checking.question import Question
from verify.latex import read, unread
from verify.latex import tree as t

MOST_RIGHT = 12
MOST_OF_A_KIND = 2
MOST_TRIED = 4  # outcomes of one mistake in one formula that the checker is asked about


@dataclass(frozen=True)
class Item:
    """A formula of a quiz: right, or with one `mistake`; `right` is the true formula."""

    formula: str
    right: str
    about: str
    mistake: Mistake | None = None

    @property
    def verdict(self) -> str:
        """What the checker says about it."""
        return "correct" if self.mistake is None else "incorrect"


@dataclass(frozen=True)
class Quiz:
    """Items in a mixed order, and the fields that each question of them shares."""

    items: tuple[Item, ...]
    about: dict[str, Any]

    def questions(self) -> bytes:
        """`quiz.jsonl`: records for `derive check --batch`."""
        return _lines({"id": name, "formula": one.formula, **self.about} for name, one in self._named())

    def key(self) -> bytes:
        """`quiz-key.jsonl`: for each id the verdict, and of a wrong formula the mistake and the mended formula."""
        return _lines(_answer(name, one) for name, one in self._named())

    def _named(self) -> Iterator[tuple[str, Item]]:
        return ((f"q{place}", one) for place, one in enumerate(self.items, 1))


def _answer(name: str, one: Item) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name, "verdict": one.verdict, "about": one.about}
    return found | ({"mistake": one.mistake.name, "right": one.right} if one.mistake else {})


def _lines(records: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False, allow_nan=False).encode() + b"\n" for one in records)


def quiz(derivation: Derivation, notation: str = "nielsen", seed: int = 0) -> Quiz:
    """The quiz about a derivation, the same for the same seed; empty where the checker can read none of its claims."""
    rng = Random(f"quiz {seed}")
    about = question(derivation, notation)
    proved = list(_proved(_alike(claims(derivation, notation)), about, rng))
    right = [Item(one.formula, one.formula, one.about) for one in proved]
    wrong = list(_wrong(proved, about, rng))
    items = [*right, *wrong]
    rng.shuffle(items)
    return Quiz(tuple(items), about)


def _asked(formula: str, about: dict[str, Any]) -> Answer:
    return answer(Question.of({"formula": formula, **about}))


def _alike(found: Iterable[Claim]) -> list[Claim]:
    """The claims in the spelling of a quiz, without those that cannot be spelled so."""
    told = ((one, spelled(one.formula)) for one in found)
    return [replace(one, formula=formula) for one, formula in told if formula is not None]


def _proved(found: list[Claim], about: dict[str, Any], rng: Random) -> Iterator[Claim]:
    """Some of the claims that the checker proves, those of every role and form before a second of its kind."""
    last = max((one.layer for one in found), default=0)
    rng.shuffle(found)
    kinds: dict[str, int] = {}
    rank = []
    for one in found:
        kind = f"{one.role} {one.form} {one.role == 'delta' and one.layer == last}"
        rank.append(kinds.setdefault(kind, 0))
        kinds[kind] += 1
    ordered = [one for _, one in sorted(zip(rank, found, strict=True), key=lambda pair: pair[0])]
    count = 0
    for one in ordered:
        if count < MOST_RIGHT and _asked(one.formula, about).verdict == "correct":
            count += 1
            yield one


def _wrong(proved: Sequence[Claim], about: dict[str, Any], rng: Random) -> Iterator[Item]:
    """Up to `MOST_OF_A_KIND` formulas with each mistake, each refuted by the checker."""
    used: dict[str, int] = {}
    seen = {one.formula for one in proved}
    for mistake in MISTAKES.values():
        count = 0
        ordered = sorted(proved, key=lambda one: used.get(one.about, 0))
        for claim in ordered:
            if count == MOST_OF_A_KIND:
                break
            found = refuted(claim.formula, mistake, about, rng)
            if found is not None and found not in seen:
                seen.add(found)
                used[claim.about] = used.get(claim.about, 0) + 1
                count += 1
                yield Item(found, claim.formula, claim.about, mistake)


def refuted(formula: str, mistake: Mistake, about: dict[str, Any], rng: Random) -> str | None:
    """The formula with the mistake in one place, refuted by the checker; None where no place makes it false."""
    candidates = list(dict.fromkeys(spoiled(formula, mistake)))
    rng.shuffle(candidates)
    for one in candidates[:MOST_TRIED]:
        if _is_refuted(_asked(one, about)):
            return one
    return None


def spoiled(formula: str, mistake: Mistake) -> Iterator[str]:
    """The formula with the mistake made in the right side of its equation, in each place that there is."""
    body = read(formula).claims[0].body
    if not isinstance(body, t.Comparison) or len(body.sides) != 2:
        return
    left, right = body.sides
    for side in mistake.edits(right):
        written = spelled(f"{unread(left)} = {unread(side)}")
        if written is not None:
            yield written


def _is_refuted(found: Answer) -> bool:
    """Whether numbers or shapes prove that the formula is false."""
    return found.verdict == "incorrect" and (found.counterexample is not None or found.proof == "exact")
