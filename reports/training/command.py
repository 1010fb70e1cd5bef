"""What `derive train` does once its options are read: read the data, train, write, say how it went."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from derive.network import SpecError
from reports.exits import too_long
from reports.files import OutputError, kind_of, write_files
from reports.options import formats as typed_formats
from reports.pdf import CHOICES, EngineError
from reports.terminal import files
from reports.training import options
from reports.training.pages import pages
from reports.training.record import record
from reports.training.terminal import closing, opening
from reports.training.watching import Stopping, Watch
from reports.wording.language import speaking, spoken
from reports.writing import Written, write_report
from verify.engine.backends import Missing
from verify.training import Diverged, Samples, Training, TrainingError, save_parameters
from verify.training.keeping import parameters_as_lists
from verify.training.keeping import train as keep_training

NAME = "training"
WRONG_INPUT = (SpecError, TrainingError, EngineError, OutputError, Missing)


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 trained, 1 diverged, 2 wrong input, 130 interrupted."""
    try:
        return _run(**chosen)
    except WRONG_INPUT as error:
        print(f"derive: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"derive: {too_long(error)}", file=sys.stderr)
        return 2
    except MemoryError:
        print("derive: this machine's memory is too small for these data and this network", file=sys.stderr)
        return 2
    except Diverged as error:
        kept = "; the checkpoint holds an earlier state" if chosen["checkpoint"] else ""
        print(f"derive: {error}{kept}", file=sys.stderr)
        return 1


def _run(data: str, labels: Path | None, target: str | None, header: bool | None, held_out: float, no_bias: bool,
         checkpoint: Path | None, resume: bool, save: Path | None, output: Path, formats: str, pdf_engine: str,
         language: str, as_json: bool, quiet: bool, **typed: Any) -> int:  # fmt: skip
    kinds = _formats(formats)
    _checked(save, pdf_engine)
    typed["bias"] = "none" if no_bias else typed["bias"]
    learned, held = options.samples(data, labels, target, header, held_out, typed["seed"], typed["layers"])
    training = Training(options.plan(learned, **typed), learned, held)
    _writable(
        (output if kind_of(output) is None else output.parent) if kinds else None,
        save.parent if save is not None else None,
    )
    talking = not (as_json or quiet)
    if talking:
        print("\n".join([*opening(training.plan, learned, held), ""]), flush=True)
    begun = perf_counter()
    if not _trained(training, checkpoint, resume, talking, not quiet):
        return _interrupted(training, checkpoint)
    seconds = perf_counter() - begun
    saved = _saved(training, save)  # first, so that no trouble with the report loses what was learned
    with speaking(language):
        written = _written(training, learned, held, output, kinds, pdf_engine)
    if as_json:
        names = [str(path) for path in (*written.paths, *saved)]
        print(json.dumps({**record(training, learned, held), "files": names}, allow_nan=False))
    elif talking:
        print("\n".join(["", *closing(training, seconds), *files(written), *(str(path) for path in saved)]))
    return 0


def _trained(training: Training, checkpoint: Path | None, resume: bool, lines: bool, bar: bool) -> bool:
    with Stopping() as stopping, Watch(training.history, lines, bar) as watch:
        return keep_training(training, checkpoint, resume, watcher=watch, stop=stopping)


def _interrupted(training: Training, checkpoint: Path | None) -> int:
    where = f"epoch {len(training.history.epochs) + 1}, after {training.steps:,} steps"
    kept = (
        f"kept in {checkpoint}, go on with --resume"
        if checkpoint
        else "nothing was kept; with --checkpoint FILE it could go on"
    )
    print(f"derive: interrupted in {where}; {kept}", file=sys.stderr)
    return 130


def _formats(text: str) -> tuple[str, ...]:
    return () if text.strip() == "none" else typed_formats(text)


def _checked(save: Path | None, engine: str) -> None:
    """What would fail only after a long training is refused before it."""
    if engine not in CHOICES:
        raise EngineError(f"unknown PDF engine {engine!r} (known: {', '.join(CHOICES)})")
    if save is not None and save.suffix not in (".npz", ".json"):
        raise SpecError(f"--save must name a file that ends in .npz or .json, not {str(save)!r}")
    if save is not None and not save.parent.is_dir():
        raise OutputError(f"--save: there is no folder {save.parent}")


def _writable(*folders: Path | None) -> None:
    """Makes the folders of what is to be written, and a file in each that is gone at once; raises `OutputError`."""
    for folder in folders:
        if folder is not None:
            write_files(folder, {})
            try:
                TemporaryFile(dir=folder).close()
            except OSError as error:
                raise OutputError(f"cannot write to {folder}: {error.strerror or error}") from error


def _written(
    training: Training, learned: Samples, held: Samples, folder: Path, kinds: tuple[str, ...], engine: str
) -> Written:
    """The report in all formats that were asked for."""
    if not kinds:
        return Written(())
    return write_report(
        lambda: pages(training, learned, held),
        folder,
        kinds,
        engine,
        name=NAME,
        record=lambda: record(training, learned, held),
        language=spoken(),
    )


def _saved(training: Training, path: Path | None) -> tuple[Path, ...]:
    if path is None:
        return ()
    if path.suffix == ".json":
        text = json.dumps(parameters_as_lists(training.parameters.arrays), allow_nan=False)
        return tuple(write_files(path.parent, {path.name: f"{text}\n".encode()}))
    save_parameters(path, training)
    return (path,)
