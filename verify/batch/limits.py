"""What a worker takes from itself: memory, the keyboard, files, processes, and a life after its parent's.

Each limit is kept where the platform has it; the parent keeps the time limit in any case.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import fcntl
    import resource

ALARM_GRACE = 1.0
"""So much later than the parent the kernel ends a formula that is out of time, should the parent be unable to."""
FORBIDDEN = frozenset(
    {
        *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
        *("os.startfile", "pty.spawn", "os.kill", "os.killpg", "webbrowser.open"),
        *("socket.__new__", "socket.connect", "socket.bind"),
        *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod"),
        *("os.chown", "os.utime", "os.chdir", "os.setxattr", "tempfile.mkstemp"),
    }
)
"""Audit events of Python that no formula has a reason to cause."""
PROCESSES = frozenset(("subprocess.Popen", "os.kill"))
"""Of these, the events of a function that has a process of its own to ask."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def settle_signals() -> None:
    """Ctrl-C is the parent's to answer; what ends this process ends it at once, whatever the parent had blocked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        deadly = (signal.SIGALRM, signal.SIGIO, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE)
        for one in deadly:
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, deadly)


def die_with_parent(life: int) -> None:
    """Let the kernel end this process as soon as the parent, which alone holds the other end of `life`, is gone.

    The pipe is never written to: the only news from it is its end, for which the kernel sends SIGIO, also to a
    process that is busy outside Python.
    """
    if sys.platform != "win32":
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([life], [], [], 0)[0]:  # the parent had gone before the signal was asked for
            os._exit(0)


def volunteer() -> None:
    """Where memory is short everywhere, the kernel ends a worker first and not the program that asked."""
    with suppress(OSError):  # only Linux has the file, and a container may forbid it
        Path("/proc/self/oom_score_adj").write_text("1000")


def held() -> int:
    """How many bytes of memory this process holds; 0 where the platform does not tell."""
    return _statm(1)


def _statm(field: int) -> int:
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[field]) * resource.getpagesize()
    except OSError:  # only Linux has the file
        return 0


def limit_memory(more: int) -> None:
    """At most `more` bytes of address space beyond what is in use now; no core file, no growing file."""
    if sys.platform != "win32":
        _limit(resource.RLIMIT_AS, _statm(0) + more)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_FSIZE, 0)


def _limit(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # macOS refuses limits below what it has mapped already
        resource.setrlimit(which, (lowest, lowest))


def forbid(processes: bool) -> None:
    """From now on nothing here may write a file, open a connection, or, unless `processes`, start a process."""
    sys.dont_write_bytecode = True
    forbidden = FORBIDDEN - PROCESSES if processes else FORBIDDEN

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in forbidden or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING):
            raise PermissionError(f"a formula asked for {event}, which the checker never does")

    sys.addaudithook(refuse)


def alarm(seconds: float) -> None:
    """Let the kernel end this process after so many seconds; 0 takes the order back."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
