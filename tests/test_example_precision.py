"""No example, and nothing else here, leaves another precision of balls behind than it has found."""

import ast
import re

from flint import arb, ctx

from reports.examples import logistic, rent
from reports.examples.command import told
from tests.doc_examples import ROOT

RESTORED = {"verify/graph/enclosure.py": 4}
"""Where the precision is set by hand: each setting has its `finally`."""


def test_telling_an_example_leaves_the_precision_as_it_was():
    with ctx.workprec(53):
        for name in ("rent", "scaling"):
            told(name)
            assert ctx.prec == 53, name
        logistic.values()
        assert ctx.prec == 53


def test_the_data_are_as_tight_whoever_asks_first():
    rent.points.cache_clear()
    with ctx.workprec(20):
        points = rent.points()
    assert all(one.rad() < arb(2) ** -250 for point in points for one in point)
    rent.points.cache_clear()


def test_nothing_else_sets_the_precision_for_the_whole_process():
    paths = [path for room in ("derive", "verify", "reports", "docs", "tests") for path in (ROOT / room).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): settings(path.read_text()) for path in paths}
    assert {name: count for name, count in found.items() if count} == RESTORED


def settings(source):
    """How often a program sets a precision."""
    if not re.search(r"\.(?:prec|dps)\b.*=", source):
        return 0
    return sum(isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in ("prec", "dps")
               for node in ast.walk(ast.parse(source)))  # fmt: skip


def test_a_setting_is_counted():
    assert settings("ctx.prec = 3\nmp.dps += 1\nwith ctx.workprec(ctx.prec): pass\na, ctx.prec = 1, 2") == 3
