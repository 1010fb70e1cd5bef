"""What every command prints in another language: all of it, but for errors and what a program reads."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from reports.cli import command
from reports.wording.language import LANGUAGES, NATIVE

OTHERS = [code for code in LANGUAGES if code != NATIVE]
COMMANDS = {
    "network": ["--layers", "2,2,1", "--activations", "relu,tanh"],
    "exercises": ["--layers", "1,1", "--exercises"],
    "given": ["--given", r"f = \lVert X w - y \rVert^2"],
    "hessian": ["hessian", "--layers", "2,1"],
    "example": ["example", "chain"],
    "check": ["check", "--layers", "2,3,1", "--explain", "--no-second-reader", r"\delta^2 = w^3 \delta^3"],
    "train": ["train", "--layers", "2,2", "--epochs", "2", "--data"],
}
ENGLISH = re.compile(r"(?<![\\\\{./-])\b[a-z]{2,} [a-z]{2,} ?[a-z]*\b")


def printed(name: str, code: str, tmp_path, *more: str) -> str:
    arguments = [*COMMANDS[name], "--language", code, *more]
    if name == "train":
        rows = [f"{place % 7},{place % 3},{'ab'[place % 2]}" for place in range(20)]
        (tmp_path / "points.csv").write_text("\n".join(["x,y,kind", *rows]) + "\n", encoding="utf-8")
        arguments.insert(COMMANDS[name].index("--data") + 1, str(tmp_path / "points.csv"))
    if name != "check":
        arguments += ["--format", "md", "--output", str(tmp_path)]
    found = CliRunner().invoke(command, arguments)
    assert found.exit_code in (0, 1), found.output
    return found.stdout


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_speaks_the_language(name, code, tmp_path):
    text = printed(name, code, tmp_path)
    assert [line for line in text.split("\n") if ENGLISH.search(line)] == []
    assert not text.isascii()


def test_what_a_program_reads_is_in_english(tmp_path):
    found = printed("check", "zh", tmp_path, "--json")
    assert json.loads(found)["verdict"] == "incorrect"
    assert found.isascii()
