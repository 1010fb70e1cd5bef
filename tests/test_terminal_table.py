"""The table of a derivation on a terminal of any width: nothing is cut, and a bar that shows progress goes away."""

from __future__ import annotations

import re
import sys
import threading
import time

import pytest

from derive import Derivation, Network
from reports import terminal
from reports.wording.language import speaking
from verify.examination import Examination, examine
from verify.oracles import Point

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def examination() -> Examination:
    network = Network([2, 3, 1])
    return examine(Derivation(network), Point.random(network, 0))


def printed(examination, capsys, monkeypatch, width: int) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    terminal._print_table(examination, "nielsen")
    return COLOURS.sub("", capsys.readouterr().out)


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("width", [20, 40, 60, 76, 77, 80, 200])
def test_no_cell_is_cut(examination, capsys, monkeypatch, width, code):
    with speaking(code):
        text = printed(examination, capsys, monkeypatch, width)
        rows = terminal.table(examination, "nielsen")
        heads = terminal.header()
    assert "…" not in text
    assert all(text.count(cell) >= sum(cell in row for row in rows) for row in rows for cell in row)
    assert all(head in text for head in heads[1:-1])


def test_a_wide_terminal_has_a_line_for_each_array_and_a_narrow_one_several(examination, capsys, monkeypatch):
    rows = terminal.table(examination, "nielsen")
    wide = printed(examination, capsys, monkeypatch, 77).strip().splitlines()
    narrow = printed(examination, capsys, monkeypatch, 76).strip().splitlines()
    assert len(wide) == 1 + len(rows)
    assert len(narrow) == 5 * len(rows)


def test_a_bar_that_begins_while_the_work_ends_is_taken_away(monkeypatch):
    """The bar is built in another thread, which takes a while."""
    shown = []

    class Bar:
        def stop(self) -> None:
            shown.remove(self)

    def begin(self) -> None:
        started.set()
        time.sleep(0.05)
        self.display = Bar()
        shown.append(self.display)

    started = threading.Event()
    monkeypatch.setattr(terminal.Progress, "_start", begin)
    progress = terminal.Progress(wanted=False)
    with progress:
        progress.timer = threading.Timer(0.0, progress._start)
        progress.timer.start()
        started.wait(5)
    assert progress.display is not None
    assert shown == []
