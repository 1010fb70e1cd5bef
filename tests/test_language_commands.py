"""Lists and counts on the terminal speak the language too, and a language whose tables are wrong says so."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from click.testing import CliRunner

from derive.network import SpecError
from reports.checking.batches import counted
from reports.cli import command
from reports.wording.language import LANGUAGES, NATIVE, speaking
from verify.batch.run import Progress

OTHERS = [code for code in LANGUAGES if code != NATIVE]
NEWS = Progress(1412, 12, {"correct": 1380, "incorrect": 30, "undecided": 1, "unreadable": 1}, 1.0)


def test_a_batch_is_counted_in_english():
    assert counted(NEWS) == (
        "1,412 answered (12 of them by an earlier run): 1,380 correct, 30 incorrect, 1 undecided, 1 unreadable"
    )
    assert counted(Progress(0, 0, {}, None)) == "0 answered"


@pytest.mark.parametrize("code", OTHERS)
def test_a_batch_is_counted_in_the_language(code):
    with speaking(code):
        for news in (NEWS, Progress(0, 0, {}, None)):
            assert not re.search("[A-Za-z]", counted(news))
        assert re.findall(r"[\d,]+", counted(NEWS)) == ["1,412", "12", "1,380", "30", "1", "1"]


@pytest.mark.parametrize("code", OTHERS)
def test_the_examples_are_listed_in_the_language(code):
    native = CliRunner().invoke(command, ["example", "--list"]).stdout.splitlines()
    found = CliRunner().invoke(command, ["example", "--list", "--language", code]).stdout.splitlines()
    assert [line.split()[0] for line in found] == [line.split()[0] for line in native]
    assert all(not line.isascii() for line in found)
    assert native[0].startswith("perceptron")
    assert "Perceptrons: NAND" in native[0]


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_whose_table_is_wrong_is_one_sentence(code, monkeypatch):
    def broken(_: str) -> None:
        raise SpecError("the sentences of the language cannot be read: 'x'; mend that line")

    monkeypatch.setattr(import_module("reports.wording.language"), "language", broken)
    found = CliRunner().invoke(command, ["example", "--list", "--language", code])
    assert found.exit_code == 2
    assert "mend that line" in found.output
    assert "Traceback" not in found.output
