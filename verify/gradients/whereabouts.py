"""What can be concluded from which arrays are right and which are wrong: where on the way back the mistake lies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the result asks this module
    from verify.gradients.result import ArrayVerdict

WEAK = ("unexplained", "slope")
"""Mistakes that leave open what it was: more arrays may tell."""
OPEN = (*WEAK, "factor per slice", "product", "small", "term")
"""Mistakes that may have been made before, and passed on to an array."""
PASS = ('to find a factor that is missing inside a product, as in d{name} = (delta * mask).T @ x, pass its parts: '
        'context={{"delta": delta, "x": x, "mask": z > 0}}, each with one sample a row')  # fmt: skip


def whereabouts(arrays: Sequence[ArrayVerdict]) -> tuple[str, ...]:
    """Sentences on where to look, for arrays in the order in which f takes them; none where nothing follows."""
    known = [one for one in arrays if one.verdict in ("right", "wrong")]
    wrong = [one for one in known if one.verdict == "wrong"]
    weak = [one for one in wrong if one.mistake is not None and one.mistake.name in WEAK and len(one.shape) == 2]
    return (*_between(known, wrong), *(PASS.format(name=one.name) for one in weak[:1]))


def _between(known: Sequence[ArrayVerdict], wrong: Sequence[ArrayVerdict]) -> Iterator[str]:
    """Which are right and which wrong; then, for those in front of all that are right, between which it lies."""
    right = [one for one in known if one.verdict == "right"]
    if not right or not any(one.mistake is None or one.mistake.name in OPEN for one in wrong):
        return
    stages = _stages(known)
    reached = next(stage for stage, arrays in stages.items() if any(one in right for one in arrays))
    here = [one.name for one in stages[reached] if one in right]
    before = [one.name for stage, arrays in stages.items() if stage < reached for one in arrays if one in wrong]
    alone = [one.name for stage, arrays in stages.items() if stage >= reached for one in arrays if one in wrong]
    yield f"{_are(right, 'right')}, {_are(wrong, 'wrong')}"
    if before:
        yield (f"on the way back from the loss all is right up to {_list(here)}, so the mistake lies between there and "
               f"{_list(before)}: in what multiplies the signal on its way (σ′ or the mask of an activation, the "
               f"transposed weights), or in the lines for {_list(before)}")  # fmt: skip
    if alone:
        lines = _list(alone)
        yield f"the signal comes through right to {_list(here)}, so the mistake is in the lines for {lines} alone"


def _stages(known: Sequence[ArrayVerdict]) -> dict[int, list[ArrayVerdict]]:
    """The arrays by layer, first layer first: by the last number in their names, else as f takes them."""
    numbers = [re.findall(r"\d+", one.name) for one in known]
    found: dict[int, list[ArrayVerdict]] = {}
    for place, (one, digits) in enumerate(zip(known, numbers, strict=True)):
        found.setdefault(int(digits[-1]) if all(numbers) else place, []).append(one)
    return dict(sorted(found.items()))


def _are(arrays: Sequence[ArrayVerdict], what: str) -> str:
    names = [one.name for one in arrays]
    return f"{_list(names)} {'is' if len(names) == 1 else 'are'} {what}"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
