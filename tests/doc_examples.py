"""The commands in a page of the documentation, the files that they need, and what the page says that they print.

    $ derive check "a = a"        a command; what stands indented below it, up to the next command, is what it prints
    `given.txt`:                  the indented lines below are that file

`python -m tests.doc_examples docs/checking.md` writes what the commands print now into the page, to be read and kept.
"""

import io
import os
import re
import shlex
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from reports.cli import main

ROOT = Path(__file__).resolve().parent.parent
PROMPT = "    $ derive "
FILE = re.compile(r"^`([\w-]+\.\w+)`:$")


@dataclass(frozen=True)
class Example:
    """A command, the lines of the page that show what it prints, and these lines."""

    arguments: tuple[str, ...]
    first: int
    last: int
    shown: tuple[str, ...]


def parsed(text):
    """(files, examples) of a page."""
    lines = text.split("\n")
    files, examples = {}, []
    for number, line in enumerate(lines):
        named = FILE.search(line)
        if named:
            start = number + 2
            files[named[1]] = "\n".join(one[4:] for one in lines[start : _end(lines, start)]).rstrip() + "\n"
        elif line.startswith(PROMPT):
            last = _end(lines, number + 1)
            shown = tuple(one[4:] for one in lines[number + 1 : last])
            examples.append(Example(tuple(shlex.split(line[len(PROMPT) :])), number + 1, last, shown))
    return files, examples


def _end(lines, start):
    """Where an indented block ends: in front of the next command, or of what is not indented."""
    end = start
    while end < len(lines) and (not lines[end] or lines[end].startswith("    ")) and not lines[end].startswith(PROMPT):
        end += 1
    while end > start and not lines[end - 1]:
        end -= 1
    return end


def printed(arguments, folder):
    """The lines that a command prints, in this process; empty lines around them are left out."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    watched = mock.patch.dict(os.environ, {"COLUMNS": "100"})
    with chdir(folder), watched, redirect_stdout(output), redirect_stderr(output), suppress(SystemExit):
        main(list(arguments))
    output.flush()
    lines = output.buffer.getvalue().decode().strip("\n").split("\n")
    return tuple(line.rstrip().removeprefix("  ") for line in lines)


def written(files, folder):
    """Write the files of a page into a folder."""
    for name, text in files.items():
        (Path(folder) / name).write_text(text)


def renewed(text):
    """The page with what its commands print now."""
    lines = text.split("\n")
    files, examples = parsed(text)
    with TemporaryDirectory() as folder:
        written(files, folder)
        shown = [printed(example.arguments, folder) for example in examples]
    for example, now in reversed(list(zip(examples, shown, strict=True))):
        lines[example.first : example.last] = [f"    {line}".rstrip() for line in now]
    return "\n".join(lines)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(renewed(Path(name).read_text()))
