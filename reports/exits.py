"""How a command that derives ends: 0 all right, 1 a check failed, 2 wrong input; what went wrong is one sentence."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path

from derive.equation import EquationError
from derive.matrix import NoMatrixForm
from derive.network import SpecError
from reports.files import OutputError
from reports.pdf import EngineError
from reports.refused import refused
from verify.equality import Undecided
from verify.kernel import KernelError
from verify.oracles import DomainError, PointError
from verify.programs.reading import NotDerived
from verify.views import ViewsDiffer

WRONG_INPUT = (SpecError, PointError, DomainError, EngineError, OutputError, EquationError)
TOO_DEEP = (
    "an expression is nested too deep to be derived, or has more than about 300 terms: define parts of it on lines of "
    "their own, or write a sum with \\sum_i"
)
FAILED_CHECK = (KernelError, ViewsDiffer, Undecided, NoMatrixForm)


def exit_code(work: Callable[[], int]) -> int:
    """Does the work; the exit code is what it returns, or 1 or 2 with the sentence of the error that it raised."""
    try:
        return work()
    except WRONG_INPUT as error:
        return _said(str(error), 2)
    except NotDerived as error:
        return _said("\n  ".join(refused(error)), 2)
    except OSError as error:
        return _said(too_long(error), 2)
    except RecursionError:
        return _said(TOO_DEEP, 2)
    except MemoryError:
        return _said("this machine's memory is too small for arrays of these sizes", 2)
    except FAILED_CHECK as error:
        return _said(f"a check failed, nothing was written: {error}", 1)


def too_long(error: OSError) -> str:
    """The sentence for a name that no file can have; any other error is raised again."""
    if error.errno != errno.ENAMETOOLONG:
        raise error
    return f"a name of {len(Path(str(error.filename)).name)} characters is too long for a file"


def _said(sentence: str, code: int) -> int:
    print(f"derive: {sentence}", file=sys.stderr)
    return code
