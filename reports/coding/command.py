"""What `derive --code` does once its options are read: derive, print one source.

Exit codes: 0 printed; 2 the input was wrong, or there is no such source.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from derive.derivation import Derivation
from derive.network import SpecError
from reports import options
from reports.coding.example import network_example, program_example
from reports.coding.languages import LANGUAGES
from reports.coding.printed import plan_of, printed
from reports.exits import exit_code
from reports.given.asked import asked
from verify.engine.backends import Missing
from verify.engine.source import NoSource
from verify.programs.numbers import NoNumbers
from verify.programs.reading import program_read


def run_network(code: str, layers: str, activations: str, loss: str, bias: str, no_bias: bool, notation: str,
                seed: int, at: Path | None) -> int:  # fmt: skip
    """The source of a network; the exit code."""

    def text() -> str:
        network = options.network(layers, activations, loss, "none" if no_bias else bias)
        derivation = Derivation(network)
        plan = plan_of(derivation)
        if code == "c":
            return _c(plan, None)
        example = network_example(network, plan, seed, None if at is None else options.values(at))
        return printed(derivation, LANGUAGES[code], example, notation)

    return exit_code(lambda: _printed(text))


def run_given(code: str, given: tuple[str, ...], wrt: str | None, shapes: tuple[str, ...], assume: tuple[str, ...],
              notation: str, seed: int) -> int:  # fmt: skip
    """The source of definitions; the exit code."""

    def text() -> str:
        question = asked(given, wrt, shapes, assume)
        read = program_read(question.given, question.shapes, question.wrt, question.assumed)
        derivation = Derivation(read.program)
        if code == "c":
            return _c(plan_of(derivation), derivation)
        return printed(derivation, LANGUAGES[code], program_example(derivation, plan_of(derivation), seed), notation)

    return exit_code(lambda: _printed(text))


def _c(plan: Any, derivation: Derivation | None) -> str:
    from verify.engine.compiled.source import c_source  # late: only one language of five needs it
    from verify.programs.numbers import sizes_of  # late, for the same reason

    widths = {} if derivation is None else {str(one): size for one, size in sizes_of(derivation.program).items()}
    return c_source(plan, "float64", True, widths)


def _printed(text: Callable[[], str]) -> int:
    try:
        print(text(), end="")
    except (NoSource, NoNumbers, Missing) as error:
        raise SpecError(f"there is no such source: {error}") from None
    return 0
