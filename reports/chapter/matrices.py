"""Section 3, matrix form: what stands before it, and under which name it is known."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Indexed, Mul, Sum

from derive.equation import Equation as Claim
from derive.linear import AsNumber
from derive.symbols import Array, free_indices
from reports.chapter.forms import is_bp2
from reports.chapter.shapes import ODOT
from reports.chapter.story import Story
from reports.document import Block, Equation, Paragraph
from reports.inline import Inline
from reports.wording import say, sentences


def matrix_words(story: Story, claim: Claim) -> Inline:
    """What stands before a matrix form: the transpose and ⊙ are explained where they are met first."""
    weights = weights_in(claim)
    odot = _is_product(claim) and "odot" not in story.told
    if odot:
        story.told["odot"] = True
    if not weights:
        return say("all-at-once", odot=ODOT) if odot else say("all-at-once-again")
    first = "transpose" not in story.told
    story.told["transpose"] = True
    words = say("transpose", w=story.box(weights[0])) if first else say("transpose-again")
    return sentences(say("odot", odot=ODOT), words) if odot else words


def weights_in(claim: Claim) -> list[Array]:
    """The weights that stand in a sum of the claim."""
    return [entry.base for one in claim.rhs.atoms(Sum) for entry in one.atoms(Indexed) if entry.base.role == "W"]


def _is_product(claim: Claim) -> bool:
    """Whether factors with the same index stand side by side, as (a_j − y_j) σ′(z_j)."""
    return isinstance(claim.rhs, Mul) and sum(bool(free_indices(factor)) for factor in claim.rhs.args) > 1


def matrix_form(story: Story, role: str, layer: int) -> Iterator[Block]:
    yield error_matrix(story, role, layer)
    numbers = sorted(story.derivation.matrix(role, layer).rhs.atoms(AsNumber), key=str)
    if numbers and "number" not in story.told:
        story.told["number"] = True
        yield Paragraph(say("dot-number", product=story.box(numbers[0])))


def error_matrix(story: Story, role: str, layer: int) -> Equation:
    """δ of a layer, or ∂C/∂x, in matrix form, as BP1 or BP2 where it is that."""
    step = story.derivation.step(role, layer)
    claim = story.derivation.matrix(role, layer)
    return story.matrix(claim, f"m-{role}-{layer}", story.in_matrix_form(step), bp_name(story, role, layer))


def bp_name(story: Story, role: str, layer: int) -> str:
    """BP1 for the error signal of the output, whatever the loss makes of it; BP2 is decided on the claim."""
    if role != "delta":
        return ""
    if layer == story.depth:
        return "BP1"
    return "BP2" if is_bp2(story.derivation.index("delta", layer)) else ""
