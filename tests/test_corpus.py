"""The labelled formulas: their labels hold by numbers that share nothing with the checker, and it breaks no promise."""

import math

import numpy as np
import pytest

from tests.corpus.oracle import ROWS, first_difference, world_of
from tests.corpus.oracle.rows import row
from tests.corpus.records import ASKED, FILES, LABELS, VERDICTS, about, outcome, question, read, records
from verify.checking.answer import KINDS
from verify.checking.check import answer
from verify.checking.question import Question

ALL = records()
BY_ID = {record["id"]: record for record in ALL}
PARTS = 12
NO_LEFT_SIDE = {"t184"}
"""A derivative by a weight that does not exist has no value."""


def judged(name):
    """The first false relation of a row, by numbers."""
    record = BY_ID[name.removesuffix(".fix")]
    return first_difference(ROWS[name], world_of(ROWS[name], record))


def decided(name):
    return [record for record in read(name) if record["expect"] in ("correct", "incorrect")]


def test_identifiers_are_unique_and_every_row_has_its_record():
    assert len(BY_ID) == len(ALL)
    assert {name.removesuffix(".fix") for name in ROWS} == {
        record["id"] for record in ALL if record["id"] in ROWS or record["expect"] in ("correct", "incorrect")
    }


def test_there_are_many_of_each_kind():
    assert len(read("textbooks")) >= 320 and len(read("peers")) >= 200
    for kind in KINDS:
        assert sum(kind in record.get("expect_kinds", ()) for record in ALL) >= 4, kind
    expected = [record["expect"] for record in ALL]
    assert min(expected.count("correct"), expected.count("incorrect")) > len(ALL) / 3


@pytest.mark.parametrize("record", ALL, ids=lambda record: record["id"])
def test_the_fields_of_a_record(record):
    assert set(record) <= {"id", "formula", "notation", *ASKED, *LABELS}
    assert record["expect"] in VERDICTS and set(record.get("accept", ())) <= set(VERDICTS) - {record["expect"]}
    assert record["family"] and record["source"]
    wrong = record["expect"] == "incorrect"
    assert wrong == ("expect_kinds" in record) == ("fix" in record)
    assert set(record.get("expect_kinds", ())) <= set(KINDS)
    assert len(record.get("expect_kinds", ())) == len(set(record.get("expect_kinds", ())))
    assert record.get("fix") != record["formula"]
    assert Question.of(question(record)).formula == record["formula"]


def test_no_claim_is_made_twice():
    seen = [(record["formula"], record.get("notation"), about(record)) for record in ALL]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("name", FILES)
def test_every_label_holds_by_numbers(name):
    for record in decided(name):
        found = judged(record["id"])
        assert (found is None) == (record["expect"] == "correct"), record
        if "expect_first_error" in record:
            assert found == record["expect_first_error"], record


@pytest.mark.parametrize("name", FILES)
def test_every_fix_holds_by_numbers(name):
    """A fix is a correct record about the same, word for word, or has a row of its own."""
    right = {(record["formula"], about(record)) for record in ALL if record["expect"] == "correct"}
    for record in decided(name):
        if record["expect"] == "incorrect" and (record["fix"], about(record)) not in right:
            assert judged(record["id"] + ".fix") is None, record


@pytest.mark.parametrize("name", FILES)
def test_a_missing_assumption_is_all_that_is_wrong(name):
    """A claim whose first kind is `assumption` holds on the smaller domain that its row names, and only there."""
    for record in decided(name):
        if record.get("expect_kinds", [""])[0] == "assumption":
            assert first_difference(ROWS[record["id"]], ROWS[record["id"]].narrow) is None, record


def test_the_readings_of_an_undecided_formula_disagree():
    found = [one for one in ROWS.values() if one.other is not None]
    assert found
    for one in found:
        record = BY_ID[one.id]
        assert record["expect"] == "undecided"
        readings = [first_difference(each, world_of(each, record)) for each in (one, one.other)]
        assert sum(reading is None for reading in readings) == 1, record


def test_every_left_side_has_a_value():
    """Else a claim could differ from nothing."""
    rng = np.random.default_rng(5)
    for record in ALL:
        if record["id"] in ROWS and record["id"] not in NO_LEFT_SIDE:
            one = ROWS[record["id"]]
            value = one.relations[0][0](world_of(one, record)(rng))
            parts = value if isinstance(value, list) else [value]
            assert all(np.all(np.isfinite(np.asarray(part, dtype=float))) for part in parts), record


LIES = [
    ("a sign", lambda v: v, lambda v: -v),
    ("one part in a thousand", lambda v: v, lambda v: 1.001 * v),
    ("a row for a column", lambda v: np.full((3, 1), v), lambda v: np.full((1, 3), v)),
    ("a number for an array", lambda v: np.full(3, v), lambda v: v),
    ("what does not exist", lambda v: v, lambda v: math.nan),
    ("a product that does not fit", lambda v: v, lambda v: np.ones((2, 3)) @ np.ones(2)),
    ("a difference at one point in two", lambda v: v, lambda v: max(v, 1.0)),
]


@pytest.mark.parametrize(("what", "left", "right"), LIES, ids=[lie[0] for lie in LIES])
def test_the_oracle_sees_small_lies(what, left, right):
    def world(rng):
        return rng.uniform(0.5, 1.5)

    assert first_difference(row("truth", left, left), world) is None, what
    assert first_difference(row("lie", left, right), world) == 1, what


@pytest.mark.parametrize("part", range(PARTS))
def test_the_checker_breaks_no_promise(part):
    """No wrong verdict, and none where none can be given; nothing is raised."""
    broken = []
    for record in ALL[part::PARTS]:
        try:
            said = answer(Question.of(question(record)), mend=False).verdict
        except Exception as raised:
            broken.append(f"{record['id']} raised {raised!r}: {record['formula']}")
            continue
        found = outcome(record, said)
        if found in ("wrong", "overclaimed"):
            broken.append(f"{record['id']} {found}: said {said}, is {record['expect']}: {record['formula']}")
    assert not broken, "\n".join(broken)
