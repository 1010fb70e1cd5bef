"""What a page of the documentation tells to type, the files that this needs, and what the page says that it prints.

    $ derive check "a = a"        a command; what stands indented below it, up to the next command, is what it prints
    derive --layers 2,3,1         a command whose output the page does not show
    `given.txt`:                  the indented lines below are that file

A line of output that is only `…` stands for any lines, `…` within a line for any text; one line alone is one of those
that are printed. Figures that rounding decides (the size of an error, all numbers of `derive certify`) are compared by
their places alone.

`python -m tests.doc_examples docs/checking.md` writes what the commands print now into the page, to be read and kept;
a command whose output has an `…` keeps its own.
"""

import io
import os
import re
import shlex
import struct
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from reports.cli import main

ROOT = Path(__file__).resolve().parent.parent
PROMPT = "    $ derive "
PLAIN = re.compile(r"    derive (?=\S)(?!.*—)")
FILE = re.compile(r"^`([\w-]+\.\w+)`:$")
ERROR = re.compile(r"below rounding|\d(?:\.\d+)?e-\d+")
NUMBER = re.compile(r"(?<![\w^])-?\d[\d.,]*(?:e[+-]?\d+)?")
ANY = "…"


@dataclass(frozen=True)
class Example:
    """A command, the lines of the page that show what it prints, and these lines."""

    arguments: tuple[str, ...]
    first: int
    last: int
    shown: tuple[str, ...]


def parsed(text):
    """(files, examples) of a page; the examples are the commands behind a `$`."""
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


def commands(text):
    """Every command of a page in order, as `Example`s; `shown` is None where the page does not show what is printed.

    Those without a `$` stand indented or in a block of `bash`; after a backslash the next line goes on.
    """
    bare = re.sub(r"^```bash$(.*?)^```$", lambda one: one[1].replace("\n", "\n    "), text, flags=re.M | re.S)
    joined = re.sub(r"(?:.*\\\n)+.*", lambda one: one[0].replace("\\\n", " ") + "\n" * one[0].count("\n"), bare)
    found = [
        Example(tuple(shlex.split(line[len("    derive ") :], comments=True)), number, number, None)
        for number, line in enumerate(_unfenced(joined), 1)
        if PLAIN.match(line)
    ]
    return sorted([*found, *parsed(text)[1]], key=lambda one: one.first)


def blocks(text, language="python"):
    """(line, source) of each fenced block in a language."""
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, one.start(1)) + 1, one[1]) for one in found]


def _unfenced(text):
    return re.sub(r"^```.*?^```$", lambda one: "\n" * one[0].count("\n"), text, flags=re.M | re.S).split("\n")


def _end(lines, start):
    """Where an indented block ends: in front of the next command, or of what is not indented."""
    end = start
    while end < len(lines) and (not lines[end] or lines[end].startswith("    ")) and not lines[end].startswith(PROMPT):
        end += 1
    while end > start and not lines[end - 1]:
        end -= 1
    return end


def ran(arguments, folder):
    """(exit code, lines) of a command in this process; empty lines around them are left out.

    Behind `> FILE` the standard output goes there, and the lines are those of the error output.
    """
    target = Path(folder) / arguments[-1] if ">" in arguments else None
    given = arguments[: arguments.index(">")] if target else arguments
    output, other = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    watched = mock.patch.dict(os.environ, {"COLUMNS": "100"})
    code = 0
    with chdir(folder), watched, redirect_stdout(output), redirect_stderr(other if target else output):
        try:
            main(list(given))
        except SystemExit as stop:
            code = stop.code or 0
    output.flush()
    other.flush()
    if target:
        target.write_bytes(output.buffer.getvalue())
    lines = (other if target else output).buffer.getvalue().decode().strip("\n").split("\n")
    return code, tuple(line.rstrip().removeprefix("  ") for line in lines)


def printed(arguments, folder):
    """The lines that a command prints, in this process; empty lines around them are left out."""
    return ran(arguments, folder)[1]


def written(files, folder):
    """Write the files of a page into a folder."""
    for name, text in files.items():
        (Path(folder) / name).write_text(text)


def alike(shown, lines, arguments=()):
    """Whether lines are what a page shows of them, see above."""
    figures = NUMBER if "certify" in arguments else ERROR
    now = [_masked(line, figures) for line in lines]
    if len(shown) == 1:
        return any(re.fullmatch(_pattern(shown[0].strip(), figures), line.strip()) for line in now)
    pages = (shown, [line.removeprefix("  ") for line in shown])  # a page may keep the margin of the terminal
    patterns = ("\n".join(_pattern(line, figures) for line in page) for page in pages)
    return any(re.fullmatch(pattern, "\n".join(now)) for pattern in patterns)


def _pattern(line, figures):
    if line.strip() == ANY:
        return r"[^\0]*"
    return ".*".join(map(re.escape, _masked(line, figures).split(ANY)))


def _masked(line, figures):
    """Without the figures that rounding decides, and where there are any, without the spaces that depend on them."""
    without = figures.sub("#", line)
    return line if without == line else " ".join(without.split()).replace("-----", "")


def stage(folder):
    """The files that commands of the guides speak of without showing them: small, and good enough to run on."""
    folder = Path(folder)
    values = re.search(r"^    (\{\"W\".*?\})$", (ROOT / "docs/reading.md").read_text(), re.M | re.S)
    (folder / "values.json").write_text(values[1])
    paper = ROOT / "tests/documents/layernorm.tex"
    (folder / "appendix.tex").write_text(paper.read_text())
    (folder / "in.jsonl").write_text('{"id": 1, "formula": "\\\\delta^3 = a^3 - y", "loss": "half-squared-error"}\n')
    mnist = folder / "mnist"
    mnist.mkdir()
    for name, count in (("train", 20), ("t10k", 10)):
        dots = bytes(number % 251 for number in range(count * 784))
        (mnist / f"{name}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, count, 28, 28) + dots)
        answers = bytes(number % 10 for number in range(count))
        (mnist / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + answers)


def renewed(text):
    """The page with what its commands print now."""
    lines = text.split("\n")
    files, examples = parsed(text)
    with TemporaryDirectory() as folder:
        written(files, folder)
        shown = [_kept(example) or printed(example.arguments, folder) for example in examples]
    for example, now in reversed(list(zip(examples, shown, strict=True))):
        lines[example.first : example.last] = [f"    {line}".rstrip() for line in now]
    return "\n".join(lines)


def _kept(example):
    return example.shown if any(line.strip() == ANY for line in example.shown) else ()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(renewed(Path(name).read_text()))
