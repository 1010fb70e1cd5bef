"""The second reader's own process: lines of JSON in, lines of JSON out; started as a file, never imported.

It takes {"text": …} and answers {"program": […]}, the steps of `program.py`, or {"error": …}; its first line says
whether latex2sympy2 could be loaded.  It imports nothing of this project, and ends when its input ends.
Arguments: the seconds after which it ends itself within one text, and folders to look for packages in.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from types import ModuleType
from typing import IO, Any, BinaryIO, TextIO

MOST_BYTES = 2 * 2**30
KNOWN = frozenset(("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh"))


class Unknown(ValueError):
    """Something that scalar algebra does not hold."""


def mend_typing() -> None:
    """Puts `typing.io`, which Python 3.13 dropped and antlr4 4.7 asks for, in its place."""
    if "typing.io" not in sys.modules:
        module = ModuleType("typing.io")
        module.__dict__.update(IO=IO, TextIO=TextIO, BinaryIO=BinaryIO)
        sys.modules["typing.io"] = module


def limit_memory() -> None:
    """Lets a runaway text end this process instead of the machine, where the system can do so."""
    if sys.platform != "win32":
        resource = importlib.import_module("resource")  # only where there is one
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = MOST_BYTES if hard == resource.RLIM_INFINITY else min(hard, MOST_BYTES)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


class Readers:
    """latex2sympy2 with two of its parsers, and SymPy, which simplifies nothing.

    The quick parser decides by what directly follows (ANTLR's SLL).  What it accepts, the thorough one reads as the
    same tree, ten times as slowly (Parr, Harwell and Fisher: Adaptive LL(*) parsing, 2014, section 3.2).
    """

    def __init__(self) -> None:
        mend_typing()
        self.sympy: Any = importlib.import_module("sympy")
        self.reader: Any = importlib.import_module("latex2sympy2")  # after the mend
        importlib.import_module("sympy.core.parameters").global_parameters.evaluate = False
        self.thorough = self.reader.PSParser
        self.quick = _quick(self.thorough, importlib.import_module("antlr4.atn.PredictionMode").PredictionMode.SLL)

    def program(self, text: str) -> list[list[str | int]]:
        """The steps of what latex2sympy2 makes of a text."""
        try:
            found = self._read(text, self.quick)
        except Exception:  # latex2sympy2 raises bare `Exception`s; what is wrong, the thorough parser says
            found = self._read(text, self.thorough)
        steps: list[list[str | int]] = []
        _steps(found, self.sympy, steps)
        return steps

    def _read(self, text: str, parser: Any) -> Any:
        self.reader.PSParser = parser
        self.reader.set_variances({})  # what earlier texts have assigned would change what this one means
        return self.reader.latex2sympy(f"( {text} )")  # it would stop without a word where it understands no more


def _quick(thorough: Any, mode: Any) -> Any:
    """The parser that decides in the quick mode."""

    class Quick(thorough):
        def __init__(self, tokens: Any) -> None:
            super().__init__(tokens)
            self._interp.predictionMode = mode

    return Quick


def _steps(node: Any, sympy: Any, steps: list[list[str | int]]) -> None:
    """Appends the steps of an expression."""
    if isinstance(node, sympy.Symbol):
        if not node.name[:-32].isalnum():
            raise Unknown(f"a letter that is no placeholder: {node.name[:40]}")
        steps.append(["v", node.name[:-32]])  # a hash of 32 digits follows the name
    elif isinstance(node, sympy.Rational):
        steps.append(["n", str(node)])
    elif isinstance(node, sympy.Add | sympy.Mul | sympy.Pow):
        for one in node.args:
            _steps(one, sympy, steps)
        kind = "+" if isinstance(node, sympy.Add) else "*" if isinstance(node, sympy.Mul) else "^"
        steps.append([kind, len(node.args)])
    elif isinstance(node, sympy.Function):
        _function(node, sympy, steps)
    else:
        raise Unknown(f"it reads a {type(node).__name__}")


def _function(node: Any, sympy: Any, steps: list[list[str | int]]) -> None:
    """Appends the steps of a function; `log` is the logarithm without a base, `ln` the natural one."""
    name = type(node).__name__
    if isinstance(node, sympy.log) and len(node.args) == 2 and node.args[1] in (10, sympy.E, sympy.exp(1)):
        name = "log" if node.args[1] == 10 else "ln"
    elif name not in KNOWN or len(node.args) != 1:
        raise Unknown(f"it reads a function {name}")
    _steps(node.args[0], sympy, steps)
    steps.append(["f", name])


def answer(readers: Readers, line: bytes) -> dict[str, Any]:
    """The answer to one line."""
    try:
        return {"program": readers.program(json.loads(line)["text"])}
    except Exception as error:  # latex2sympy2 raises whatever comes its way, bare `Exception` included
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0][:200]}


def main() -> None:
    """Answers until the input ends."""
    seconds = float(sys.argv[1])
    sys.path += [folder for folder in sys.argv[2:] if folder not in sys.path]
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a package prints is no answer

    def say(record: dict[str, Any]) -> None:
        channel.write(json.dumps(record).encode() + b"\n")

    try:
        readers = Readers()
    except Exception as error:  # whatever a package raises while it is loaded
        say({"absent": f"{type(error).__name__}: {error}".splitlines()[0][:200]})
        return
    limit_memory()
    say({"ready": True})
    for line in sys.stdin.buffer:
        _alarm(seconds)
        say(answer(readers, line))
        _alarm(0)


def _alarm(seconds: float) -> None:
    """Ends this process after so many seconds, even where nobody is left to end it; 0 takes the order back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
