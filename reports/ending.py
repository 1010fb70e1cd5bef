"""How the command ends, whatever happens: one sentence and one exit code, and never a traceback for what users do.

0 done, and nothing found wrong · 1 a check failed · 2 wrong input, or output that cannot be written · 3 `derive check`
is undecided · 130 interrupted.  A reader of the output that has read enough, as `head` has, is no error.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

from reports.arguments import joined, named

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Interrupted(Exception):
    """Ctrl-C, under a name that click does not answer with an empty line."""


class ReadEnough(Exception):
    """A closed pipe, under a name that click does not take for a failure."""


class Command(click.Group):
    """A group whose widths may be typed in several ways, and whose interruptions reach `ended` as they are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options, with widths that stand alone as those of `--layers`."""
        return super().parse_args(ctx, named(self, ctx, joined(args)))

    def invoke(self, ctx: click.Context) -> Any:
        """What the command does."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted from None
        except BrokenPipeError:
            raise ReadEnough from None


def ended(work: Callable[[], int | None]) -> int:
    """Does the work, and says in one sentence why it ended early; the exit code."""
    _prepare()
    try:
        code = work() or 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        return _said(" ".join(error.format_message().split()), 2)
    except (Interrupted, KeyboardInterrupt, click.Abort):
        return _said("interrupted; no file was left half written", 130)
    except (ReadEnough, BrokenPipeError):
        _forget_output()
        return 0
    except OSError as error:
        if error.errno not in FULL:
            raise
        _forget_output()
        return _said(f"the output cannot be written: {error.strerror}", 2)
    return code


def _said(sentence: str, code: int) -> int:
    with suppress(OSError):  # nobody reads the errors either
        print(f"derive: {sentence}", file=sys.stderr, flush=True)
    return code


def _forget_output() -> None:
    """What is still to be printed goes nowhere, so that Python does not complain when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _prepare() -> None:
    """Letters that the output cannot show become question marks; being told to end is answered like Ctrl-C."""
    _keep_places()
    if sys.stderr is None:  # it was closed; everything that reports there goes nowhere
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


def _keep_places() -> None:
    """Gives what was closed of the input and the outputs to nobody, so that no file or pipe takes its number."""
    while (place := os.open(os.devnull, os.O_RDWR)) < 3:
        os.set_inheritable(place, True)
    os.close(place)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
