"""Prints every ratio beside its target; those of the engine are printed by `python -m benchmarks.engine`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

from sympy import diff
from sympy.core.cache import clear_cache

from benchmarks.ratio import Ratio, call, process, ratio
from derive import Derivation, Network


def start_up(folder: str) -> Iterator[Ratio]:
    """Whole processes: the command against the imports that nobody can avoid."""
    derive = ("-m", "reports.cli", "--layers", "2,3,1", "--output", folder, "--quiet")
    sympy = process("-c", "import sympy")
    yield ratio("derive --layers 2,3,1 --format tex : import sympy", process(*derive, "--format", "tex"), sympy, 3)
    typst = process(*derive, "--format", "pdf,tex", "--pdf-engine", "typst")
    yield ratio("the same with a PDF by Typst : import sympy", typst, sympy, 5)
    yield ratio("derive --help : python -c pass", process("-m", "reports.cli", "--help"), process("-c", "pass"), 5, 15)


def views(widths: list[int]) -> Derivation:
    """A derivation with its index and matrix forms, from nothing."""
    clear_cache()
    derivation = Derivation(Network(widths))
    for layer in range(1, len(widths)):
        for role in ("W", "b", "delta"):
            derivation.index(role, layer)
            derivation.matrix(role, layer)
    return derivation


def derivations() -> Iterator[Ratio]:
    """Index and matrix form: independent of width, linear in depth."""
    wide, narrow = call(lambda: views([784, 100, 40, 10])), call(lambda: views([2, 3, 2, 1]))
    yield ratio("index and matrix form of 784-100-40-10 : 2-3-2-1", wide, narrow, 1.2, 11)
    deep, shallow = call(lambda: views([2] * 51)), call(lambda: views([2] * 11))
    yield ratio("index and matrix form of 50 layers : 10 layers", deep, shallow, 7, 5)


def entries(widths: list[int]) -> int:
    """All entries of a network and of what they share; the number of parameters."""
    clear_cache()
    derivation = Derivation(Network(widths))
    layers = range(1, len(widths))
    for layer in layers:
        derivation.entries("delta", layer)
    return sum(len(derivation.entries(array.role, array.layer)) for array in derivation.network.parameters)


def written_out() -> Iterator[Ratio]:
    """Entries: the time of each does not grow, and SymPy's own derivative of the expanded loss is far behind."""
    large, small = [16, 32, 32, 8], [3, 4, 3, 2]
    ours = call(lambda: entries(large), 1 / entries(large))
    other = call(lambda: entries(small), 1 / entries(small))
    yield ratio("one entry of 16-32-32-8 : of 3-4-3-2", ours, other, 2, 5)
    sympys = call(lambda: by_sympy([4, 8, 8, 2]))
    yield ratio(
        "sympy.diff on 4-8-8-2 : all entries", call(lambda: entries([4, 8, 8, 2])), sympys, 100, 1, at_least=True
    )


def by_sympy(widths: list[int]) -> None:
    """∂E/∂w for every weight and bias by `sympy.diff` of the loss written out."""
    clear_cache()
    derivation = Derivation(Network(widths))
    ((_, loss),) = derivation.definitions("E")
    expanded = derivation.expanded(loss)
    for array in derivation.network.parameters:
        for left, _ in derivation.entries(array.role, array.layer):
            diff(expanded, left.denominator)


def main() -> int:
    """Print the table; exit code 0 whatever it says, since a busy machine is not a defect."""
    with tempfile.TemporaryDirectory() as folder:
        for part in (start_up(folder), derivations(), written_out()):
            for row in part:
                sign = "≥" if row.at_least else "≤"
                verdict = "" if row.reached else "   MISSED"
                print(f"{row.what:<58} {row.value:8.2f}   ({sign} {row.target:g}; {row.detail}){verdict}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
