"""Training: shuffled mini-batches, one optimiser step each, one row an epoch; it goes on where it was stopped.

Everything random follows from the seed and the number of the epoch, so that a training resumed from its state takes the
very same numbers as one that was never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from math import isfinite
from typing import Any, Protocol

import numpy as np

from derive.derivation import Derivation
from derive.network import Network
from verify.engine.backends import BACKENDS
from verify.engine.core import Engine
from verify.engine.running import AUTO
from verify.training.data import Samples, targets
from verify.training.errors import CheckpointError, Diverged, TrainingError
from verify.training.evaluation import evaluate
from verify.training.history import Epoch, History
from verify.training.initial import initialise
from verify.training.parameters import Parameters, aligned
from verify.training.resuming import comparable, progress
from verify.training.rules import known, optimiser
from verify.training.scaling import Fitted, fit
from verify.training.schedules import Rates, parts
from verify.training.update import Update, checked_rate, settings_of

Array = np.ndarray[Any, Any]
MOST_EPOCHS = 1_000_000
_PLAIN = ("optimiser", "rate", "epochs", "batch", "seed", "initial", "scaling", "backend")


@dataclass(frozen=True)
class Plan:
    """How a network is trained.

    `rate` is None for the optimiser's usual one; `settings` are the optimiser's, such as `beta`; `schedule` is what
    `verify.training.schedules.parts` takes; `batch` is the number of samples of a step, `initial` a row of `INITIALS`
    or `auto`, `scaling` a row of `SCALINGS`, `backend` that of the engine, or `auto`.  Raises `TrainingError` for what
    no row knows or what is out of range.
    """

    network: Network
    optimiser: str = "adam"
    rate: float | None = None
    settings: Mapping[str, float] = field(default_factory=dict)
    schedule: Any = "constant"
    epochs: int = 30
    batch: int = 10
    seed: int = 0
    initial: str = "auto"
    scaling: str = "min-max"
    backend: str = "numpy"

    def __post_init__(self) -> None:
        row = optimiser(self.optimiser)
        object.__setattr__(self, "rate", float(checked_rate(row.rate if self.rate is None else self.rate)))
        object.__setattr__(self, "settings", settings_of(self.optimiser, self.settings))
        known(self.backend, {AUTO: None, **BACKENDS}, "backend")
        _counted("epochs", self.epochs, MOST_EPOCHS)
        _counted("batch", self.batch, 1 << 40)
        self.rates(float(self.epochs))  # what would grow beyond all numbers on the way is refused at once
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise TrainingError(f"seed must be a whole number of at least 0, not {self.seed!r}")
        for layer in self.network.stack:
            missing = set(layer.row.constants) - dict(layer.constants).keys()
            unset = sorted(name for name in missing if layer.row.constants[name] is None)
            if unset:
                raise TrainingError(
                    f"{layer.activation} needs a number for {unset[0]}, as in {layer.activation}:{unset[0]}=0.1"
                )

    @property
    def rates(self) -> Rates:
        """The learning rate over time."""
        return Rates(float(self.rate or 0.0), parts(self.schedule), float(self.epochs))

    def to_json(self) -> dict[str, Any]:
        """Everything that decides the numbers, as plain data."""
        network = {"inputs": self.network.inputs, "layers": [asdict(one) for one in self.network.stack]}
        schedule = [[one.row.name, dict(one.settings)] for one in self.rates.parts]
        rest = {name: getattr(self, name) for name in _PLAIN}
        plain = {
            **rest,
            "network": network,
            "loss": self.network.loss,
            "settings": dict(self.settings),
            "schedule": schedule,
        }
        return {name: _plain(value) for name, value in plain.items()}


class Watcher(Protocol):
    """Who is told of the progress."""

    def step(self, done: int, total: int) -> None:
        """A step is done, of so many in all."""
        ...

    def epoch(self, row: Epoch) -> None:
        """An epoch is over."""
        ...


class Training:
    """A training: its parameters, its optimiser, and how far it has come.

    `run` goes on to the last epoch or until it is told to stop; `state` and `restore` are what a checkpoint holds.
    """

    def __init__(self, plan: Plan, learned: Samples, held: Samples | None = None, engine: Engine | None = None) -> None:
        self.scaling: Fitted = fit(plan.scaling, learned.x)
        self.x, self.y = self.scaling(learned.x), targets(learned, plan.network)
        self.engine = Engine(Derivation(plan.network), plan.backend) if engine is None else engine
        self.plan = plan = self._settled(plan) if engine is None and plan.backend == AUTO else plan
        self.held = None if held is None else (self.scaling(held.x), targets(held, plan.network))
        self.classed = bool(learned.classes)
        self.fingerprint = [learned.fingerprint, held.fingerprint if held else ""]
        self.parameters = Parameters(plan.network)
        initialise(self.parameters, plan.initial, plan.seed)
        self.gradient = aligned(self.parameters.vector.size)
        self._slots = self.parameters.views(self.gradient)
        self.update = Update(plan.optimiser, self.parameters.vector, **plan.settings)
        self.history = History((), len(self.x), 0 if held is None else len(held))
        self.place, self.summed = 0, 0.0  # batches done of this epoch, and their losses, each times its samples

    def _settled(self, plan: Plan) -> Plan:
        """With the backend that `auto` picks for a batch: bits must not depend on what is found when it is resumed."""
        with np.errstate(all="ignore"):
            self.engine(Parameters(plan.network).arrays, self.x[: plan.batch], self.y[: plan.batch])
        self.engine = Engine(self.engine.derivation, self.engine.backend)
        return replace(plan, backend=self.engine.asked)

    @property
    def steps_an_epoch(self) -> int:
        """The number of mini-batches; the last may be smaller."""
        return -(-len(self.x) // self.plan.batch)

    @property
    def steps(self) -> int:
        """How many steps are done."""
        return len(self.history.epochs) * self.steps_an_epoch + self.place

    @property
    def over(self) -> bool:
        """Whether the last epoch is done."""
        return len(self.history.epochs) >= self.plan.epochs

    def run(
        self,
        watcher: Watcher | None = None,
        stop: Callable[[], bool] | None = None,
        after: Callable[[Training], None] | None = None,
    ) -> bool:
        """Train to the end; False where `stop` said to end earlier.  `after` is called behind every step.

        Raises `Diverged` where a loss or a gradient is not finite, the parameters being those before that step, and
        where a parameter is not at the end of an epoch.
        """
        total = self.plan.epochs * self.steps_an_epoch
        with np.errstate(all="ignore"):  # what is not finite is looked for
            while not self.over:
                order = self._order()
                while self.place < self.steps_an_epoch:
                    self._step(order)
                    if watcher is not None:
                        watcher.step(self.steps, total)
                    if self.place < self.steps_an_epoch and _stopped(self, stop, after):
                        return False
                self._close(watcher)
                if _stopped(self, stop, after) and not self.over:
                    return False
        return True

    def _order(self) -> Array:
        """The order of the samples in this epoch."""
        return np.random.default_rng([self.plan.seed, 3, len(self.history.epochs)]).permutation(len(self.x))

    def _step(self, order: Array) -> None:
        """One mini-batch."""
        chosen = order[self.place * self.plan.batch : (self.place + 1) * self.plan.batch]
        loss, gradients = self.engine(self.parameters.arrays, self.x[chosen], self.y[chosen])
        self.parameters.gather(gradients, self._slots)
        # One entry that is not finite makes the sum so; a scalar product would do as well, but starts threads.
        if not isfinite(loss) or not isfinite(float(self.gradient.sum())):
            raise Diverged(self._said(float(loss)), self.steps + 1)
        self.update(self.parameters.vector, self.gradient, self._rate())
        self.place += 1
        self.summed += float(loss) * len(chosen)

    def _rate(self) -> Any:
        return self._rates(self.steps / self.steps_an_epoch)

    @cached_property
    def _rates(self) -> Rates:
        return self.plan.rates

    def _close(self, watcher: Watcher | None) -> None:
        """The end of an epoch."""
        rate = float(self._rates((self.steps - 1) / self.steps_an_epoch))
        if not isfinite(float(np.abs(self.parameters.vector).max(initial=0.0))):
            raise Diverged(self._too_large("a parameter is not finite", self.steps - 1), self.steps)
        held_loss, right = None, None
        if self.held is not None:
            held_loss, right = evaluate(self.engine, self.parameters.arrays, *self.held, self.classed)
        row = Epoch(len(self.history.epochs) + 1, rate, self.summed / len(self.x), held_loss, right)
        self.history = History((*self.history.epochs, row), self.history.samples, self.history.held)
        self.place, self.summed = 0, 0.0
        if watcher is not None:
            watcher.epoch(row)

    def _said(self, loss: float) -> str:
        what = "the loss" if not isfinite(loss) else "a gradient"
        found = f"{loss:g}" if not isfinite(loss) else "not finite"
        if not self.steps:
            return (
                f"{what} is {found} at the first step: {self.plan.network.loss_row.title} is not defined for what the "
                "network gives for these samples; choose another loss or last activation, or scale the inputs"
            )
        return self._too_large(f"{what} is {found}", self.steps)

    def _too_large(self, what: str, done: int) -> str:
        """What is said where the step after so many went too far."""
        rate = float(self._rates(done / self.steps_an_epoch))
        return (
            f"{what} at step {done + 1} (epoch {len(self.history.epochs) + 1}): try a smaller rate, "
            f"such as {rate / 10:g} instead of {rate:g}, and inputs that are scaled (min-max or standardise)"
        )

    def state(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """All that the next step depends on: a header of plain data, and arrays."""
        header = {
            "plan": self.plan.to_json(),
            "data": self.fingerprint,
            "steps": self.update.steps,
            "place": self.place,
            "summed": self.summed,
            "history": self.history.to_json(),
        }
        return header, {
            "parameters": self.parameters.vector,
            **{f"memory {n}": a for n, a in self.update.arrays.items()},
        }

    def restore(self, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Take over a state; raises `CheckpointError`, naming the setting, where it is that of another training."""
        comparable(header, self.plan.to_json(), self.fingerprint, () if self._rates.needs_the_end else ("epochs",))
        steps, place, summed, history = progress(header, self.steps_an_epoch)
        kept = {"parameters": self.parameters.vector, **{f"memory {n}": a for n, a in self.update.arrays.items()}}
        for name, array in kept.items():
            if name not in arrays or arrays[name].shape != array.shape or arrays[name].dtype != array.dtype:
                raise CheckpointError(f"the checkpoint has no array {name!r} of {array.size} numbers; start anew")
        for name, array in kept.items():
            np.copyto(array, arrays[name])
        self.update.steps, self.place, self.summed, self.history = steps, place, summed, history


def _stopped(training: Training, stop: Callable[[], bool] | None, after: Callable[[Training], None] | None) -> bool:
    if after is not None:
        after(training)
    return stop is not None and stop()


def _counted(name: str, value: Any, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise TrainingError(f"{name} must be a whole number from 1 to {most:,}, not {value!r}")


def _plain(value: Any) -> Any:
    """As JSON gives it back: tuples are lists."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
