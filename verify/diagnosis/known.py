r"""The last repair: the true formula for the left side, derived from the network and printed in the writer's notation.

It is found where no small edit helps, for ∂C/∂w, ∂C/∂b, δ, ∂C/∂a and σ′ in index, matrix and entry form.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from derive.derivation import Derivation
from derive.latex import latex
from derive.network import Network, SpecError
from verify.checking.question import Question
from verify.diagnosis.speaking import Speaker
from verify.latex import Unreadable, splits
from verify.latex import tree as t
from verify.meaning.roles import Spoken
from verify.programs.truths import truth

_ROLES = {"w": "W", "b": "b", "z": "delta", "a": "g", "d": "delta", "dw": "W", "db": "b", "x": "x", "dx": "x"}


def truths(left: t.Node, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """True formulas with this left side, each with the kind of mistake of whoever wrote another."""
    subject, of_loss = _subject(left, speaker)
    if subject is None:
        return
    candidate = speaker.candidate
    layer = _layer(subject, speaker)
    if layer is None:
        return
    derivation = derived(candidate.question)
    if derivation is None:
        return
    output = subject.role in ("a", "o") and layer == derivation.network.depth
    kind = "wrong-function" if output or not of_loss else "other"
    for thing in _things(derivation, subject, layer, of_loss):
        yield latex(thing, derivation, candidate.name), kind


def _subject(left: t.Node, speaker: Speaker) -> tuple[Spoken | None, bool]:
    """The quantity that a left side is about: X of ∂C/∂X, or z of ∂a/∂z; and whether the loss is differentiated."""
    if isinstance(left, t.Derivative) and len(left.by) == 1:
        operand = speaker.spoken(left.operand)
        spoken = speaker.spoken(left.by[0].variable)
        return spoken, operand is not None and operand.role == "E"
    spoken = speaker.spoken(left)
    return (spoken, True) if spoken is not None and spoken.role in ("d", "g", "dw", "db", "dx") else (None, True)


def _layer(spoken: Spoken, speaker: Speaker) -> int | None:
    """The weight layer of a quantity, 0 for the input; letters stand for a layer in the middle."""
    depth = len(speaker.candidate.question.layers) - 1
    if spoken.role in ("o", "y"):
        return depth
    if spoken.role in ("x", "dx") and spoken.layer is None:
        return 0
    shift = speaker.row.shift if spoken.role in ("a", "tall", "x") else 0
    if spoken.layer is None or (isinstance(spoken.layer, t.Letter) and spoken.layer.name == "L"):
        return depth
    if not isinstance(spoken.layer, t.Number):
        return None
    found = int(spoken.layer.digits) - speaker.candidate.first + 1 - shift
    return found if 0 <= found <= depth else None


def _things(derivation: Derivation, spoken: Spoken, layer: int, of_loss: bool) -> Iterator[object]:
    role = _ROLES.get(spoken.role, "")
    if not of_loss:
        step = derivation.slope(layer) if layer else None
        if step is not None:
            yield step.claim
        return
    if spoken.role == "o":
        role = "g"
    if role not in ("W", "b", "delta", "g", "x"):
        return
    numbers = _numbers(spoken)
    try:
        if numbers:
            yield from (pair for pair in derivation.entries(role, layer) if _indices(pair[0]) == numbers)
        elif spoken.lower is None and spoken.raised is None:
            yield derivation.matrix(role, layer)
        yield derivation.index(role, layer)
    except (KeyError, SpecError, ValueError):
        return


def _numbers(spoken: Spoken) -> tuple[int, ...]:
    if spoken.lower is None:
        return ()
    for slots in (2, 1):
        for way in splits(spoken.lower, slots):
            if all(isinstance(one, t.Number) for one in way):
                return tuple(int(one.digits) for one in way if isinstance(one, t.Number))
    return ()


def _indices(entry: object) -> tuple[int, ...]:
    indices = getattr(getattr(entry, "denominator", entry), "indices", ())
    return tuple(int(one) for one in indices if getattr(one, "is_Integer", False))


def given_truth(question: Question, left: t.Node) -> str | None:
    """The right side that the definitions of a question give for ∂L/∂(…), in the letters of the left side."""
    try:
        return truth(question.given or (), dict(question.shapes), left)
    except (Unreadable, ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None  # what cannot be derived in letters has no mend from here


@lru_cache(maxsize=64)
def derived(question: Question) -> Derivation | None:
    """The derivation of a question's network; None where there is none, as for very large ones."""
    return _derived(question.layers, question.activations, question.loss, question.bias, question.bias_only)


@lru_cache(maxsize=64)
def _derived(
    layers: tuple[int | str, ...], activations: object, loss: str, bias: bool | tuple[bool, ...], only: tuple[bool, ...]
) -> Derivation | None:
    assert isinstance(activations, tuple)
    rows = [{"name": name, **dict(constants)} if constants else name for name, constants in activations]
    alone = only or (False,) * len(rows)
    specs = [{"bias_only": True, "activation": row} if one else width
             for width, row, one in zip(layers[1:], rows, alone, strict=True)]  # fmt: skip
    where = list(bias) if isinstance(bias, tuple) else bias
    try:
        return Derivation(Network([layers[0], *specs], activations=rows, loss=loss, bias=where))
    except SpecError:
        return None
