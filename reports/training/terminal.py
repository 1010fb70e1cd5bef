"""The lines of `derive train`: what is trained, a line an epoch, how it ended."""

from __future__ import annotations

from reports.terminal import describe
from reports.training.lettering import spelled
from reports.wording import tell
from reports.wording.language import told
from reports.wording.wrapping import padded
from verify.training.data import Samples
from verify.training.history import Epoch, History
from verify.training.loop import Plan, Training


def opening(plan: Plan, learned: Samples, held: Samples) -> list[str]:
    """The network, the data, and how it learns, a line each."""
    said = [f"{name} {value:g}" for name, value in sorted(plan.settings.items()) if value or name != "weight_decay"]
    schedule = ", ".join(part.row.name for part in plan.rates.parts if part.row.name != "constant")
    how = [f"{plan.optimiser} with rate {plan.rate:g}", *([schedule] if schedule else []), *said]
    classes = f", {len(learned.classes)} classes" if learned.classes else ""
    return [
        describe(plan.network),
        told(
            f"{learned.name}: {len(learned):,} samples to learn from, {len(held):,} held out{classes}; {plan.scaling}"
        ),
        " · ".join(map(told, [*how, f"batches of {plan.batch}", f"seed {plan.seed}"])),
    ]


def epoch_line(row: Epoch, history: History) -> str:
    """`epoch  3   loss 0.3012   held out 0.3301   331 / 360 right`."""
    parts = [told(f"epoch {row.number:>3}"), padded(told(f"loss {row.loss:.4g}"), 14)]
    if row.held_loss is not None:
        parts.append(padded(told(f"held out {row.held_loss:.4g}"), 18))
    if row.right is not None:
        parts.append(told(f"{row.right:,} / {history.held:,} right"))
    return "   ".join(parts).rstrip()


def closing(training: Training, seconds: float) -> list[str]:
    """How it ended."""
    time = tell(", {steps} steps in {seconds} s", steps=f"{training.steps:,}", seconds=f"{seconds:.1f}")
    return [f"{told(closing_sentence(training.history))}{time}"]


def closing_sentence(history: History) -> str:
    """How well it did, without a full stop."""
    last, best = history.last, history.best
    if last is None:
        return "no epoch was finished"
    if last.right is None:
        on = (
            f"loss {spelled(last.loss, 4)}"
            if last.held_loss is None
            else f"loss {spelled(last.held_loss, 4)} on the samples held out"
        )
        return f"{on} after {_epochs(last.number)}"
    better = f" (best: {best.right:,} after {_epochs(best.number)})" if best and (best.right or 0) > last.right else ""
    share = last.right / history.held
    return (
        f"{last.right:,} of {history.held:,} held-out samples right, {share:.1%}{better}, after {_epochs(last.number)}"
    )


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count:,} epochs"
