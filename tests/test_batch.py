"""Batches: one answer for each line, in order, whatever stands there; what an interruption leaves is gone on with."""

import io
import json
import os
import random
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.batching import SETTINGS
from verify.batch.records import MOST_BYTES, answer_line, lines, to_answer
from verify.batch.room import Room
from verify.batch.run import run
from verify.batch.settings import time_limit
from verify.checking.answer import KINDS, Answer, Counterexample, Diagnosis, Verification


def record(number, formula="a = b", **others):
    return json.dumps({"id": f"r{number}", "formula": formula, **others}) + "\n"


def names(folder):
    return [path.name for path in folder.iterdir()]


def plain(data):
    """The answers without the time that they took and the process that gave them."""
    found = [json.loads(line) for line in data.decode("ascii").split("\n")[:-1]]
    assert not data or data.endswith(b"\n")
    for one in found:
        assert one.pop("ms") >= 0
        one["reading"].pop("pid", None)
    return found


def answers(text, **options):
    """What a batch makes of bytes."""
    target = io.BytesIO()
    done = run(io.BytesIO(text), target, **({"settings": SETTINGS, "jobs": 1} | options))
    found = plain(target.getvalue())
    assert done.answered == len(found) == sum(done.verdicts.values())
    return found


# --- every line gets one answer -------------------------------------------------------------------------------------

GOOD = b'{"id": "good", "formula": "a = b"}'
LINES = [
    # the line, the id of its answer, a part of the message
    (b"{", None, "is no JSON: expecting property name"),
    (b"nonsense", None, "is no JSON"),
    (b'{"id": "x", "formula": "a = b"', "x", "is no JSON"),
    (b'{"id": "x", "formula": "a = b"} {}', "x", "is no JSON: extra data"),
    (b'{"formula": "a = b\x00", "id": "x"}', None, "invalid control character"),
    (b'{"id": "x\x00"}', None, "invalid control character"),
    (b'\x00{"id": "x"}', None, "is no JSON"),
    (b'{"id": "x", "formula": "\xff"}', "x", "not UTF-8 at byte 25"),
    (b'{"id": "x", "formula": "\xed\xa0\x80"}', "x", "not UTF-8"),
    ('{"id": "x", "formula": "a"}'.encode("utf-16"), None, "not UTF-8"),
    (b'{"id": "x", "formula": NaN}', "x", "NaN is no number in JSON"),
    (b'{"id": NaN, "formula": "a"}', None, "NaN is no number in JSON"),
    (b'{"id": "x", "layers": [-Infinity]}', "x", "-Infinity is no number"),
    (b'{"id": "x", "layers": [1e999]}', "x", "1e999 is too large"),
    (b'{"id": "x", "layers": [' + b"9" * 5000 + b"]}", "x", "thousands of digits"),
    (b'{"id": "x", "formula": "a", "formula": "b"}', "x", "the field 'formula' twice"),
    (b'{"id": "x", "id": "y", "formula": "b"}', "x", "the field 'id' twice"),
    (b"[]", None, "must be a JSON object, not a list"),
    (b"17", None, "not a number"),
    (b'"text"', None, "not text"),
    (b"null", None, "not null"),
    (b"true", None, "not true or false"),
    (b"[" * 100_000, None, "nested too deeply"),
    (b'{"a":' * 100_000, None, "nested too deeply"),
    (b'{"id": "x", "given": ' + b"[" * 100 + b"]" * 100 + b"}", "x", "nested too deeply"),
    (b'{"id": ' + b"[" * 100 + b"]" * 100 + b"}", None, "nested too deeply"),
    (b'{"id": "x", "formula": "' + b"a" * MOST_BYTES + b'"}', "x", "bytes; at most"),
    (b'{"formula": "' + b"a" * MOST_BYTES + b'", "id": "x"}', None, "bytes; at most"),
    (b"{}", None, "no field `formula`"),
    (b'{"id": "x"}', "x", "no field `formula`"),
    (b'{"id": "x", "formula": 7}', "x", "`formula` must be text, not a number"),
    (b'{"id": "x", "formula": null}', "x", "`formula`"),
    (b'{"id": "x", "formula": ["a"]}', "x", "not a list"),
    (b'{"id": "x", "formula": "' + b"a" * 900_000 + b'"}', "x", "900,000 characters; at most"),
    (b'{"id": "x", "formula": "a", "layers": 3}', "x", "`layers` must be a list"),
    (b'{"id": "x", "formula": "a", "layers": [2, 2.5]}', "x", "a width in `layers`"),
    (b'{"id": "x", "formula": "a", "layers": [2, 1e300]}', "x", "a width in `layers`"),
    (b'{"id": "x", "formula": "a", "layers": [2, ' + b"9" * 4000 + b"]}", "x", "out of all range"),
    (b'{"id": "x", "formula": "a", "layers": [0, 1]}', "x", "between 1 and"),
    (b'{"id": "x", "formula": "a", "layers": [-1, true]}', "x", "between 1 and"),
    (b'{"id": "x", "formula": "a", "layers": ["2", "-3"]}', "x", "a whole number or a letter"),
    (b'{"id": "x", "formula": "a", "activations": 5}', "x", "`activations` must be one of"),
    (b'{"id": "x", "formula": "a", "activations": [["relu"]]}', "x", "`activations` must be"),
    (b'{"id": "x", "formula": "a", "activations": {"name": "elu", "alpha": "1"}}', "x", "must be a finite number"),
    (b'{"id": "x", "formula": "a", "activations": {"name": "elu", "beta": 1}}', "x", "no constant 'beta'"),
    (b'{"id": "x", "formula": "a", "loss": {"name": "mse"}}', "x", "`loss` must be one of"),
    (b'{"id": "x", "formula": "a", "bias": 1}', "x", "`bias` must be true or false"),
    (b'{"id": "x", "formula": "a", "notation": "__import__(\'os\')"}', "x", "`notation` must be one of"),
    (b'{"id": "x", "formula": "a", "given": "y = 1"}', "x", "`given` must be a list of formulas, not text"),
    (b'{"id": "x", "formula": "a", "given": [1]}', "x", "`given` must be text"),
    (b'{"id": "x", "formula": "a", "assume": {"a": 1}}', "x", "`assume` must be a list"),
    (b'{"id": "x", "formula": "a", "shapes": {"W": 5}}', "x", "`shapes` of 'W'"),
    (b'{"id": "x", "formula": "a", "shapes": {"": [5]}}', "x", "a name in `shapes`"),
    (b'{"id": "x", "formula": "a", "first_layer": "1"}', "x", "`first_layer` must be"),
]


def test_a_line_that_is_no_record_is_answered_in_a_sentence():
    text = b"".join(line.replace(b"\n", b"") + b"\n" + GOOD + b"\n" for line, _, _ in LINES)
    found = answers(text)
    assert len(found) == 2 * len(LINES)
    assert [one["id"] for one in found[::2]] == [id for _, id, _ in LINES]
    for number, (one, (_, id, message)) in enumerate(zip(found[::2], LINES, strict=True)):
        assert (one["verdict"], one["proof"]) == ("unreadable", None)
        assert message in one["message"], one["message"]
        assert "\n" not in one["message"] and len(one["message"]) < 400
        assert id is not None or one["line"] == 2 * number + 1
    assert all(one["id"] == "good" and one["verdict"] == "correct" for one in found[1::2])


IDS = [
    *("", "a", " a ", "ä", "\0", "\ud800", "\u202e", "\u2028\u0085", "a\nb", '"', "NaN", "x" * 100_000),
    *(0, 1, 1.0, True, False, None, -0.5, 10**4000, [], [1, ["a"]], {"a": {"b": None}}),
]


def test_every_id_is_echoed():
    text = "".join(json.dumps({"id": id, "formula": "a"}) + "\n" for id in IDS)
    found = [one["id"] for one in answers(text.encode())]
    assert found == IDS and list(map(type, found)) == list(map(type, IDS))


LAYOUTS = [
    (b"", 0),
    (b"\n", 0),
    (b"\xef\xbb\xbf", 0),
    (b"\xef\xbb\xbf\r\n  \t\n\x0c\n\r\n", 0),
    (b"\xef\xbb\xbf" + GOOD, 1),
    (GOOD, 1),
    (b"\r\n" + GOOD + b"\r\n\r\n" + GOOD + b"\r\n", 2),
    (b"  " + GOOD + b"\t \n\n\n", 1),
    (b" " * (MOST_BYTES + 5) + b"\n" + GOOD, 1),
    (b" " * (3 * MOST_BYTES), 0),
    (GOOD + b" " * (MOST_BYTES - len(GOOD)), 1),
    (GOOD + b" " * (MOST_BYTES - len(GOOD) - 1) + b"\n", 1),
]


@pytest.mark.parametrize("number", range(len(LAYOUTS)))
def test_marks_blank_lines_and_line_ends(number):
    text, count = LAYOUTS[number]
    found = answers(text)
    assert [one["verdict"] for one in found] == ["correct"] * count


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([line[:3000] for line, _, _ in LINES]))))
def test_lines_of_any_bytes(parts):
    text = b"\n".join(parts)
    found = list(lines(io.BytesIO(text)))
    expected = [part for part in text.removeprefix(b"\xef\xbb\xbf").split(b"\n") if part.strip()]
    assert len(found) == len(expected)
    for one, raw in zip(found, expected, strict=True):
        assert (one.record is None) == bool(one.problem)
        assert one.size <= len(raw) + 4
        assert json.loads(answer_line(one.answer()))["id"] == one.id
    assert not found or found[-1].end <= len(text)


def test_ten_thousand_records_in_order(tmp_path):
    dice = random.Random(5)
    kinds = ["a = b", "a = b", "a = b", "c", "sleep 0.002", "raise_ x", "recurse"]
    formulas = [dice.choice(kinds) for _ in range(10_000)]
    formulas[2_000] = "vanish 1"
    formulas[3_000] = "loop"
    formulas[3_001] = "loop"
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(record(number, formula) for number, formula in enumerate(formulas)))
    seen = []
    done = run(source, target, jobs=3, seconds=0.5, settings=SETTINGS, progress=seen.append)
    found = plain(target.read_bytes())
    assert [one["id"] for one in found] == [f"r{number}" for number in range(10_000)]
    right = {"a = b": "correct", "c": "correct", "sleep 0.002": "correct"}
    assert [one["verdict"] for one in found] == [right.get(one, "undecided") for one in formulas]
    assert found[0]["reading"].get("formula", formulas[0]) == formulas[0]
    assert [one.answered for one in seen] == sorted(one.answered for one in seen) and len(seen) > 2
    assert seen[-1] == done and (done.answered, done.part, done.done) == (10_000, 1.0, True)
    assert not (tmp_path / "out.jsonl.part").exists()


# --- the time limit, and input that comes slowly --------------------------------------------------------------------


def test_answers_come_while_the_input_is_still_open():
    here, there = os.pipe(), os.pipe()
    with os.fdopen(here[0], "rb") as source, os.fdopen(there[1], "wb") as target, os.fdopen(there[0], "rb") as seen:
        options = {"settings": SETTINGS, "jobs": 2, "seconds": 0.4}
        batch = threading.Thread(target=run, args=(source, target), kwargs=options)
        batch.start()
        for number, formula in enumerate(["a = b", "loop", "a = b", "hog"]):
            os.write(here[1], record(number, formula).encode())
            found = json.loads(seen.readline())
            assert (found["id"], found["verdict"] == "correct") == (f"r{number}", formula == "a = b")
        os.close(here[1])
        batch.join()
        target.close()
        assert seen.read() == b""


class Endless:
    """Lines without end, counted."""

    def __init__(self):
        self.count = 0

    def readline(self, size):
        self.count += 1
        if self.count > 5_000_000:
            return b""
        return record(self.count, "sleep 0.8" if self.count == 1 else "a").encode()


class Closing(io.BytesIO):
    """A reader that has seen enough after some answers."""

    def write(self, line):
        if len(self.getvalue().splitlines()) == 3_000:
            raise BrokenPipeError
        return super().write(line)


def test_what_is_held_is_bounded_and_a_closed_output_ends_the_batch():
    source, target = Endless(), Closing()
    with pytest.raises(BrokenPipeError):
        run(source, target, jobs=2, settings=SETTINGS)
    assert len(plain(target.getvalue())) == 3_000
    assert source.count < 6_000


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 120), max_size=30))
def test_room_holds_no_more_than_it_says(sizes):
    room, inside, most = Room(4, 100), [], []

    def enter():
        for size in sizes:
            assert room.enter(size)
            inside.append(size)
            most.append((len(inside), sum(inside)))

    thread = threading.Thread(target=enter)
    thread.start()
    left = 0
    while left < len(sizes):
        if inside:
            room.leave(inside.pop(0))
            left += 1
        else:
            time.sleep(0)  # the other thread's turn
    thread.join()
    assert all(count <= 5 and (total <= 220 or count == 1) for count, total in most)
    room.close()
    assert not room.enter(1)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "2", None, True, 10**400, 1e6])
def test_a_time_limit_that_is_none(seconds):
    with pytest.raises(ValueError, match="the time limit must be between 0 and 86,400 seconds"):
        time_limit(seconds)


@pytest.mark.parametrize("jobs", [0, -1, 257, 1.0, "2", True])
def test_a_number_of_jobs_that_is_none(jobs):
    with pytest.raises(ValueError, match="`jobs` must be a whole number from 1 to 256"):
        run(io.BytesIO(), io.BytesIO(), jobs=jobs)


# --- answers as JSON, and back --------------------------------------------------------------------------------------

TEXT = st.text(max_size=8)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
PLACE = st.tuples(st.integers(0, 99), st.integers(0, 99))
VERDICT = st.sampled_from(["correct", "incorrect", "undecided", "unreadable"])
PROOF = st.sampled_from(["exact", "probabilistic", "counterexample", None])
VALUES = st.dictionaries(TEXT, TEXT, max_size=3)
SHOWN = st.none() | st.builds(Counterexample, VALUES, VALUES, TEXT, TEXT, TEXT)
STEPS = st.lists(st.builds(Verification, VERDICT, PROOF, st.none() | NUMBER, SHOWN, TEXT, PLACE), max_size=3)
MISTAKES = st.lists(st.builds(Diagnosis, st.sampled_from(KINDS), PLACE, TEXT, st.none() | TEXT), max_size=3)
ANSWERS = st.builds(
    Answer,
    verdict=VERDICT,
    proof=PROOF,
    error_bound=st.none() | NUMBER,
    counterexample=SHOWN,
    reading=st.dictionaries(TEXT, st.lists(TEXT, max_size=2), max_size=3),
    steps=STEPS.map(tuple),
    first_error=st.none() | st.integers(1, 9),
    diagnosis=MISTAKES.map(tuple),
    message=TEXT,
    where=st.none() | PLACE,
    ms=st.integers(0, 10**6).map(lambda number: number / 1000),
    id=st.none() | TEXT,
)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_an_answer_comes_back_from_its_line(answer):
    line = answer_line(answer.record())
    assert line.isascii() and line.count(b"\n") == 1
    assert to_answer(json.loads(line)) == answer


@settings(max_examples=100, deadline=None)
@given(ANSWERS, st.data())
def test_a_line_that_is_no_answer_is_not_taken_for_one(answer, data):
    said = answer.record()
    field = data.draw(st.sampled_from(["verdict", "proof", "reading", "diagnosis", "ms"]))
    del said[field]
    with pytest.raises((KeyError, TypeError, ValueError)):
        to_answer(said)
    with pytest.raises((KeyError, TypeError, ValueError)):
        to_answer(answer.record() | {"verdict": "right"})
