"""How a network learns, as equations: why against the gradient, the update rule, its first step, settings, rate."""

from __future__ import annotations

from collections.abc import Iterator

from derive.formula import Writer
from derive.layout import BigSum, Box, Fence, Glyph, Row, Scripts
from reports.document import Block, Boxed, Column, Equation, Line, Paragraph, Section, Table, Together, lines
from reports.inline import Code, Inline, Math, Piece, Ref, inline
from reports.meant import Aside, Defined
from reports.training.formulas import SPANS, assignment, box, first_step, schedule, spelled_out
from reports.training.lettering import lettered, letters_of, number
from reports.wording import sentences, words
from reports.wording.language import told
from verify.training.loop import Training
from verify.training.rules import WEIGHT_DECAY, decay, eta, theta
from verify.training.rules import v as velocity
from verify.training.schedules import Part, epochs, gamma, total

MOST_LAYERS = 3  # of a deeper network the gradients are left to its own chapter
THETA, J, NABLA = box(theta), Glyph("J"), Glyph(r"\nabla")
APPROX = Glyph(r"\approx", "relation")
_NAMED = Aside("a name for what words define")
_MU = Glyph(r"\mu")  # the share of the last step in the letters of Sutskever and others
LETTERS = letters_of([*map(box, (theta, eta, gamma, epochs, decay, velocity)), _MU])
"""What the words of the tables call by a letter."""


def rule(training: Training) -> Section:
    """The update rule, and where it comes from."""
    row, plan = training.update.rule, training.plan
    update = training.update.program.assignments
    blocks: list[Block] = [
        Paragraph(words("A small step {step} changes the loss {loss} by what its gradient says, to first order:",
                        step=_change(), loss=J)),
        _taylor(),
        Paragraph(words("Among all steps of one length that against the gradient lowers {j} most, and with "
                        "{step} it lowers it by {eta} times the squared length of the gradient, as long as "
                        "{eta} is small enough for the first order to count. With {g} the mean gradient over "
                        "a mini-batch of {count} samples, drawn anew in every epoch, the rule is {name}.",
                        j=J, step=Math(_downhill(), _NAMED), eta=box(eta), g=Math(_gradient(), _NAMED),
                        count=f"{plan.batch:,}",
                        name=row.title)),
        Boxed(inline(_capital(told(row.title))), tuple(
            Equation(lines(assignment(one)), f"update{place}", lettered(words(one.why), LETTERS),
                     meant=Defined(one.value, str(one.target)))
            for place, one in enumerate(update, 1))),
        Paragraph(lettered(sentences(words(row.says), words("Source: {source}.", source=row.source)), LETTERS)),
        *_memory(training),
        *_gradients(training),
        *_settings(training),
        *_schedule(training),
    ]  # fmt: skip
    return Section(words("How it learns"), tuple(blocks), label="rule")


def _memory(training: Training) -> Iterator[Block]:
    row = training.update.rule
    if not row.memory:
        return
    letters: list[Piece] = []
    for one in row.memory:
        letters += [*(words(", ") if letters else ()), *inline(box(one))]
    step = first_step(row).xreplace({WEIGHT_DECAY.symbol: 0})
    first = Row((_change(), Glyph("=", "relation"), box(step)))
    said = words(
        "All of this holds entry by entry. {letters} starts at 0 and is kept from step to step. The first step is"
        " therefore"
        if len(row.memory) == 1
        else "All of this holds entry by entry. {letters} start at 0 and are kept from step to step. The first step is"
        " therefore",
        letters=tuple(letters),
    )
    why = words("from {first} on, with an empty memory", first=Ref("update1"))
    yield Together((Paragraph(said), Equation(lines(first), "first", why, meant=Defined(step))))


def _gradients(training: Training) -> Iterator[Block]:
    """The derived gradients that it learns by."""
    network = training.plan.network
    widths = ",".join("b" if one.bias_only else str(one.width) for one in network.stack)
    typed = Code(f"derive --layers {network.inputs},{widths}")
    yield Paragraph(
        words("The gradient of one sample is the derived one; {command} derives it step by step.", command=typed)
    )
    if network.depth > MOST_LAYERS:
        return
    derivation = training.engine.derivation
    writer = Writer(derivation)
    keys = [(role, layer) for layer in range(network.depth, 0, -1) for role in ("delta", "W", "b")]
    shown = [writer.box(derivation.matrix(*key)) for key in keys if derivation.has(*key)]
    yield Boxed(words("The gradients of one sample"), tuple(Equation(lines(one), numbered=False) for one in shown))


def _settings(training: Training) -> Iterator[Block]:
    plan, row = training.plan, training.update.rule
    shown = [(box(eta), plan.rate or 0.0, "the learning rate")]
    for one in (*row.settings, WEIGHT_DECAY):
        if one is not WEIGHT_DECAY or plan.settings[one.name]:
            shown.append((box(one.symbol), plan.settings[one.name], one.says))
    columns = (Column(words("letter")), Column(words("value"), "right"), Column(words("what it is")))
    rows = tuple(
        (inline(letter), inline(number(value, 6)), lettered(words(says), LETTERS)) for letter, value, says in shown
    )
    yield Table(columns, rows, words("The settings of this training."), "settings")


def _schedule(training: Training) -> Iterator[Block]:
    parts = [part for part in training.plan.rates.parts if part.row.name != "constant"]
    if not parts:
        return
    factors = [part.row.factor for part in parts]
    holes = {"epochs": box(epochs)}
    said = "The rate does not stay; {epochs} counts the epochs that have passed"
    if any(total in factor.free_symbols for factor in factors):
        holes["total"], said = box(total), f"{said} of {{total}}"
    if any(spelled_out(factor)[1] for factor in factors):
        holes["spans"], said = box(SPANS), f"{said}, {{spans}} the whole spans among them"
    yield Paragraph(words(f"{said}:", **holes))
    for formula, value in schedule(factors):
        yield Equation(lines(formula), meant=Defined(value))
    for part in parts:
        yield Paragraph(_scheduled(part))


def _scheduled(part: Part) -> Inline:
    """What a schedule does, with its numbers."""
    found = words(f"By the schedule {part.row.name} {{what}}", what=lettered(words(part.row.says), LETTERS))
    for place, (setting, (_, value)) in enumerate(zip(part.row.settings, part.settings, strict=True)):
        joined = ", with {letter} = {value}, {what}" if place == 0 else " and {letter} = {value}, {what}"
        found = (*found, *words(joined, letter=box(setting.symbol), value=number(value, 6), what=words(setting.says)))
    return (*found, *words(". Source: {source}.", source=part.row.source))


def _change() -> Box:
    return Row((Glyph(r"\Delta"), THETA), tight=True)


def _gradient() -> Box:
    """g = ∇J."""
    return Row((Glyph("g"), Glyph("=", "relation"), Row((NABLA, J), tight=True)))


def _downhill() -> Box:
    return Row(
        (_change(), Glyph("=", "relation"), Row((Glyph("-"), box(eta)), tight=True), Row((NABLA, J), tight=True))
    )


def _taylor() -> Equation:
    r"""J(θ + Δθ) ≈ J(θ) + Σ_i ∂J/∂θ_i Δθ_i."""
    index = Glyph("i")
    entry = Scripts(THETA, sub=index)
    moved = Row((J, Fence(Row((THETA, Glyph("+", "binary"), _change())))), tight=True)
    here = Row((J, Fence(THETA)), tight=True)
    slope = Scripts(Fence(Row((NABLA, J), tight=True)), sub=index)
    total_change = BigSum(index, None, Row((slope, Row((Glyph(r"\Delta"), entry), tight=True))))
    return Equation((Line(moved, Row((here, Glyph("+", "binary"), total_change)), APPROX),), "taylor",
                    words("Taylor’s theorem, to first order"), meant=Aside("an approximation"))  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
