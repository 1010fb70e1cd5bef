"""What `derive` does once its options are read: derive, examine, write, show; the exit code says how it went."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from derive.network import Network
from reports import options
from reports.exits import exit_code
from reports.record import record
from reports.terminal import Progress, show
from reports.writing import write_examined
from verify.examination import Examination, examine
from verify.oracles import Point


def run(**chosen: Any) -> int:
    """Run the command; the exit code: 0 all right, 1 a check failed, 2 wrong input."""
    return exit_code(lambda: _run(**chosen))


def _run(
    layers: str,
    activations: str,
    loss: str,
    bias: str,
    no_bias: bool,
    notation: str,
    expand: bool,
    seed: int,
    at: Path | None,
    output: Path,
    formats: str,
    pdf_engine: str,
    as_json: bool,
    quiet: bool,
) -> int:
    network = options.network(layers, activations, loss, "none" if no_bias else bias)
    kinds = options.formats(formats)
    with Progress(wanted=not quiet) as progress:
        progress("deriving")
        examination = _examined(network, seed, at, progress)
        progress("writing the document")
        written = write_examined(examination, output, kinds, notation, expand, pdf_engine)
    if as_json:
        names = [str(path) for path in written.paths]
        print(json.dumps({**record(examination, notation), "files": names}, allow_nan=False))
    elif not quiet:
        show(examination, notation, written)
    if quiet and not examination.holds:
        wrong = [row.name for row in examination.numbers.rows if row.verdict == "failed"]
        print(f"derive: a check failed: {', '.join(wrong) or 'the loss'} is wrong", file=sys.stderr)
    return 0 if examination.holds else 1


def _examined(network: Network, seed: int, at: Path | None, progress: Any) -> Examination:
    point = Point.random(network, seed) if at is None else Point.from_json(network, options.values(at), seed)
    derivation = Derivation(network)
    return examine(derivation, point, progress)
