"""Where samples come from: the digits of scikit-learn, a CSV file, an IDX file with its labels, or MNIST's folder."""

from __future__ import annotations

from pathlib import Path

from verify.extras import install
from verify.training import idx, table
from verify.training.data import Samples, of_arrays
from verify.training.errors import DataError


def read(
    source: str,
    target: str | None = None,
    header: bool | None = None,
    labels: Path | None = None,
    outputs: int | None = None,
) -> tuple[Samples, Samples | None]:
    """The samples that a source names, and those to be held out where the source itself sets some apart.

    `source` is `digits`, a CSV file, a folder with MNIST's files, or an IDX file whose labels are in the file `labels`.
    `target` and `header` are for CSV, see `verify.training.table.samples`; with more than one of `outputs`, a single
    column to learn holds classes.  Raises `DataError`.
    """
    if source == "digits":
        return digits(), None
    path = Path(source)
    if not path.exists():
        raise DataError(f"there is no file {source!r}; data are digits, a CSV file, an IDX file or a folder of MNIST's")
    if labels is not None:
        return idx.samples(path, labels), None
    if path.is_dir():
        return idx.folder(path)
    if "idx" in path.name and not path.name.endswith(".csv"):
        raise DataError(f"{source} looks like an IDX file; name the file of its labels with --labels, or the folder")
    several = target is not None and "," in target
    classes = True if outputs is not None and outputs > 1 and not several else None
    return table.samples(path, target, header, classes), None


def digits() -> Samples:
    """1,797 handwritten digits of 8 × 8 dots from 0 to 16, which come with scikit-learn.

    Raises `DataError` where scikit-learn is missing.
    """
    try:
        from sklearn.datasets import load_digits  # an extra, and slow to import: only where it is used
    except ImportError:
        raise DataError(f"the digits come with scikit-learn: {install('data')}") from None
    found = load_digits()
    return of_arrays(found.data, found.target, [str(one) for one in range(10)], "digits")
