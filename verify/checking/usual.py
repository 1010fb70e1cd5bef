r"""Letters of unknown functions that mostly mean a known one: a claim that holds for that one is not called wrong.

p = \sigma(z)     σ is any function, as f is; whoever writes it mostly means the logistic sigmoid
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

USUAL = {
    r"\sigma": r"\frac{1}{1 + e^{-u}}",
    r"\phi": r"\frac{1}{1 + e^{-u}}",
    r"\varphi": r"\frac{1}{1 + e^{-u}}",
}
"""What each letter mostly means, at u."""


def usual(unknown: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The letters among unknown functions that have a usual meaning, each with the definition of that."""
    for letter in sorted(set(unknown) & USUAL.keys()):
        yield letter, f"{letter}(u) = {USUAL[letter]}"
