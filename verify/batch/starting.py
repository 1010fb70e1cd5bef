"""Starts the process of a worker: a clean Python with three pipes, a group of its own, and one more pipe to live by."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from verify.batch import lifeline

BOOT = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from verify.batch.child import main
main(int(sys.argv[2]))
"""
"""What a worker runs: it looks for modules where this process does, and never in the folder that it is started in."""
ALONE = {"PYTHONHASHSEED": "0"} | {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
}
"""The same answer in every worker, and one core for each."""


def started() -> tuple[subprocess.Popen[bytes], int]:
    """The process, and the writing end of the pipe that it lives by."""
    path = json.dumps([one for one in sys.path if isinstance(one, str)])
    reading, writing = lifeline.new()
    try:
        return _process([sys.executable or "python", "-P", "-c", BOOT, path, str(reading)], reading), writing
    except BaseException:
        lifeline.close(writing)
        raise
    finally:
        if reading != lifeline.NONE:
            os.close(reading)


def _process(command: list[str], reading: int) -> subprocess.Popen[bytes]:
    pipe, environment = subprocess.PIPE, os.environ | ALONE
    if sys.platform == "win32":
        apart = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, creationflags=apart)
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, process_group=0, pass_fds=(reading,)
    )
