"""Samples to learn from: inputs, and for each a class or numbers; split by a seed, and turned into targets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from derive.network import Network
from verify.training.errors import DataError

Array = np.ndarray[Any, Any]
MOST_CLASSES = 10_000


@dataclass(frozen=True, eq=False)
class Samples:
    """`x` (samples, inputs) float64; `y` (samples,) whole numbers, places in `classes`, or (samples, outputs) numbers.

    `classes` is empty where `y` holds numbers.  Raises `DataError` for shapes that do not fit and for what is not
    finite, naming the sample, counted from 1.
    """

    x: Array
    y: Array
    classes: tuple[str, ...] = ()
    name: str = "data"
    columns: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", _finite(self.x, f"x of {self.name}"))
        if self.x.ndim != 2 or not self.x.size:
            raise DataError(f"x of {self.name} must have the shape (samples, inputs), not {self.x.shape}")
        if self.classes:
            self._check_classes()
        else:
            y = _finite(self.y, f"y of {self.name}")
            object.__setattr__(self, "y", y.reshape(len(y), -1) if y.ndim < 2 else y)
        if len(self.x) != len(self.y):
            raise DataError(
                f"{self.name} has {len(self.x):,} inputs x and {len(self.y):,} answers y; they must be as many"
            )

    def _check_classes(self) -> None:
        y = np.asarray(self.y)
        if y.ndim != 1 or y.dtype.kind not in "iu" or (y.size and not 0 <= y.min() <= y.max() < len(self.classes)):
            raise DataError(
                f"y of {self.name} must be one whole number from 0 to {len(self.classes) - 1} for each sample"
            )
        object.__setattr__(self, "y", y.astype(np.int64))

    def __len__(self) -> int:
        return len(self.x)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the inputs and answers."""
        found = hashlib.sha256("\0".join(self.classes).encode())
        for array in (self.x, self.y):
            found.update(f"{array.dtype.str}{array.shape}".encode())
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def chosen(self, places: Array) -> Samples:
        """The samples at some places."""
        return replace(self, x=self.x[places], y=self.y[places])

    def split(self, held_out: float, seed: int) -> tuple[Samples, Samples]:
        """A part to learn from and a part held out, drawn by a seed; each in the order of the data.

        `held_out` is the share to hold out; raises `DataError` where a part would be empty.
        """
        if not 0 < held_out < 1:
            raise DataError(f"the share that is held out must be between 0 and 1, not {held_out:g}")
        count = round(held_out * len(self))
        if not 0 < count < len(self):
            raise DataError(
                f"{self.name} has {len(self):,} sample{'' if len(self) == 1 else 's'}, which cannot be split with "
                f"{held_out:.3g} of them held out; give more"
            )
        order = np.random.default_rng([seed, 2]).permutation(len(self))
        return self.chosen(np.sort(order[count:])), self.chosen(np.sort(order[:count]))


def of_arrays(x: Any, y: Any, classes: Sequence[str] | None = None, name: str = "data") -> Samples:
    """Samples from arrays: x (samples, …) is flattened; y is (samples,) labels or (samples, outputs) numbers.

    Labels that are words, or whole numbers for which `classes` names each, are classes; other numbers are numbers.
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.ndim < 2:
        raise DataError(f"x of {name} must have the shape (samples, inputs), not {x.shape}")
    flat = x.reshape(len(x), -1)
    if classes is not None:
        return Samples(flat, y, tuple(classes), name)
    if y.dtype.kind in "US":
        return of_labels(flat, [str(one) for one in y], name)
    return Samples(flat, y, (), name)


def of_labels(
    x: Array, labels: Sequence[str], name: str, columns: tuple[str, ...] = (), classes: Sequence[str] | None = None
) -> Samples:
    """Samples whose answers are words or numbers that name a class; classes in the order of the numbers or letters.

    Where `classes` are given, those of other samples, each label must be one of them.
    """
    if classes is None:
        classes = sorted(set(labels), key=_natural)
    foreign = next(iter(sorted(set(labels) - set(classes))), None)
    if foreign is not None:
        raise DataError(f"{name} has the label {foreign[:40]!r}, which no sample to learn from has")
    if len(classes) == 1:
        raise DataError(f"every sample of {name} has the label {classes[0][:40]!r}, so that there is nothing to learn")
    if len(classes) > MOST_CLASSES:
        raise DataError(
            f"{name} has {len(classes):,} different labels; at most {MOST_CLASSES:,} classes are told apart"
        )
    places = {label: place for place, label in enumerate(classes)}
    return Samples(x, np.array([places[one] for one in labels], np.int64), tuple(classes), name, columns)


def _natural(label: str) -> tuple[int, float, str]:
    try:
        return 0, float(label), label
    except ValueError:
        return 1, 0.0, label


def targets(samples: Samples, network: Network) -> Array:
    """The targets (samples, outputs) of a network for the answers: one 1 a class, or the numbers themselves.

    Two classes may share one output, 0 or 1; losses over signs take −1 for 0.  Raises `DataError` where the outputs do
    not fit, and where the loss is not defined for a target.
    """
    width, row = int(network.widths[-1]), network.loss_row
    if samples.x.shape[1] != network.widths[0]:
        raise DataError(
            f"{samples.name} has {samples.x.shape[1]:,} inputs a sample, and the network {network.widths[0]:,}; "
            f"let --layers begin with {samples.x.shape[1]}"
        )
    y = _one_hot(samples, width) if samples.classes else samples.y
    if y.shape[1] != width:
        raise DataError(f"{samples.name} has {y.shape[1]} numbers a sample to learn, and the network {width} outputs")
    if row.normalised and width == 1:
        raise DataError(f"{row.title} compares shares of several outputs; for one output take binary-cross-entropy")
    if row.signs:
        y = _signs(y, samples, row.title)
    _in_domain(y, samples, network)
    return np.ascontiguousarray(y, float)


def _one_hot(samples: Samples, width: int) -> Array:
    count = len(samples.classes)
    if width == 1 and count == 2:
        return samples.y[:, None].astype(float)
    if width != count:
        hint = f"let --layers end with {count}" + (" or 1" if count == 2 else "")
        raise DataError(f"{samples.name} has {count} classes, and the network {width} outputs; {hint}")
    found = np.zeros((len(samples), count))
    found[np.arange(len(samples)), samples.y] = 1.0
    return found


def _signs(y: Array, samples: Samples, title: str) -> Array:
    if samples.classes:
        return 2 * y - 1
    if not np.isin(y, (-1.0, 1.0)).all():
        raise DataError(f"{title} takes targets of −1 and 1; {samples.name} has others")
    return y


def _in_domain(y: Array, samples: Samples, network: Network) -> None:
    row = network.loss_row
    low, high = row.target
    outside = (y < low) | (y > high)
    if outside.any():
        place = int(np.argwhere(outside)[0][0])
        raise DataError(
            f"{row.title} takes targets from {low:g} to {high:g}; sample {place + 1} of {samples.name} has "
            f"{y[outside][0]:g}: choose another loss"
        )
    if row.normalised and not np.allclose(y.sum(1), 1, atol=1e-9):
        place = int(np.argmin(np.isclose(y.sum(1), 1, atol=1e-9)))
        raise DataError(
            f"{row.title} takes targets that sum to 1; those of sample {place + 1} sum to {y[place].sum():g}"
        )


def _finite(values: Any, what: str) -> Array:
    try:
        found = np.asarray(values, float)
    except (TypeError, ValueError):
        raise DataError(f"{what} must hold real numbers only") from None
    bad = ~np.isfinite(found)
    if bad.any():
        place = int(np.argwhere(bad)[0][0])
        raise DataError(f"{what} must be finite; sample {place + 1} holds {found[bad].flat[0]}: leave such samples out")
    return found
