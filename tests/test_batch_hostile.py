"""Formulas that do their worst, workers that die, programs that are killed: one answer each, and nobody is left."""

import io
import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

import verify.batch.asking as asking
from tests.batching import SETTINGS, WARM, alive, children, until, workers
from tests.test_batch import plain, record
from verify.batch import faults
from verify.batch.asking import check
from verify.batch.faults import WorkerFailed
from verify.batch.pool import Pool
from verify.batch.run import run
from verify.batch.settings import Settings
from verify.checking.question import BadQuestion, Question

LIMIT = 0.5


@pytest.fixture(autouse=True, scope="module")
def alone():
    """Other tests of this process share a pool of workers, which would be counted here."""
    ending = list(asking._POOLS.values())
    asking._POOLS.clear()
    for pool in ending:
        pool.close()


@pytest.fixture(scope="module")
def pool():
    with_one = Pool(SETTINGS, most=1)
    yield with_one
    with_one.close()


@pytest.fixture(autouse=True)
def fresh_reports(monkeypatch):
    monkeypatch.setattr(faults, "_REPORTED", Counter())


# --- what a formula may do at worst ---------------------------------------------------------------------------------

TIME = "there is no verdict within the time limit of 0.5 s"
MEMORY = "there is no verdict on this formula within the memory limit"
ENDED = "the checker ended without a verdict on this formula"
INSIDE = "an error of the checker itself"
WORST = [
    # what it does, what is answered, what is reported
    ("loop", TIME, ""),
    ("loop_in_c", TIME, ""),
    ("sleep 60", TIME, ""),
    ("hog", MEMORY, ""),
    ("hog_in_c", MEMORY, "a worker ended"),
    ("leave", f"{INSIDE}, not of the formula: SystemExit: 3", "in leave"),
    ("vanish 0", f"{ENDED} (exit code 0)", "a worker ended (exit code 0)"),
    ("vanish 3", f"{ENDED} (exit code 3)", "a worker ended (exit code 3)"),
    ("abort", f"{ENDED} (SIGABRT)", "in abort"),
    ("segfault", f"{ENDED} (SIGSEGV)", "in segfault"),
    ("recurse", "nested too deeply for a verdict", ""),
    ("flood", TIME, ""),
    ("flood_errors", TIME, ""),
    ("flood_channel", f"{ENDED} (it said what is no answer)", "it said what is no answer"),
    ("lie", f"{ENDED} (it said what is no answer)", "it said what is no answer"),
    ("raise_ \ud800", f"{INSIDE}, not of the formula: ZeroDivisionError", "in raise_"),
    ("interrupt", f"{ENDED} (SIGINT)", "in interrupt"),
    ("remove /dev/null", f"{INSIDE}, not of the formula: PermissionError: a formula asked for os.remove", "in remove"),
    ("run", f"{INSIDE}, not of the formula: PermissionError: a formula asked for subprocess.Popen", "in run"),
    ("shell true", f"{INSIDE}, not of the formula: PermissionError: a formula asked for os.system", "in shell"),
    ("fork", f"{INSIDE}, not of the formula: PermissionError: a formula asked for os.fork", "in fork"),
    ("connect", f"{INSIDE}, not of the formula: PermissionError: a formula asked for socket", "in connect"),
    ("nonsense", f"{INSIDE}, not of the formula: the checker gave str, no answer", "the checker gave str"),
    ("infinite", f"{INSIDE}: its answer is no JSON: Out of range", "no JSON"),
    ("no_json", f"{INSIDE}: its answer is no JSON: Object of type object", "no JSON"),
    ("long_answer", f"{INSIDE}: its answer is longer than 1,048,576 bytes", "longer than"),
]


@pytest.mark.parametrize(("formula", "message", "reported"), WORST, ids=[row[0].split()[0] for row in WORST])
def test_the_worst_that_a_formula_can_do(pool, capfd, formula, message, reported):
    answer = pool.ask({"formula": formula}, LIMIT if message == TIME else 30.0)
    assert (answer.verdict, answer.proof) == ("undecided", None)
    assert message in answer.message
    assert "\n" not in answer.message
    said = capfd.readouterr()
    assert said.out == ""
    assert reported in said.err and bool(reported) == bool(said.err), said.err
    assert len(said.err) < 10_000
    assert pool.ask({"formula": "a = b"}, LIMIT).verdict == "correct"
    assert len(workers()) == 1


def test_a_stack_that_overflows_outside_python(pool):
    assert pool.ask({"formula": "recurse_in_c"}, LIMIT).verdict == "undecided"
    assert pool.ask({"formula": "a = b"}, LIMIT).verdict == "correct"


def test_a_formula_cannot_write_a_file(pool, tmp_path):
    answer = pool.ask({"formula": f"write {tmp_path / 'there'}"}, LIMIT)
    assert "PermissionError" in answer.message
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_there_to_read_and_prints_go_nowhere(pool, capfd):
    assert pool.ask({"formula": "read_input"}, LIMIT).message == ""
    assert capfd.readouterr() == ("", "")


def test_a_worker_has_limits_of_its_own(pool):
    limits = pool.ask({"formula": "pid"}, LIMIT).reading["limits"]
    rows = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
    assert rows["Max file size"] == rows["Max core file size"] == "0"
    assert 300 * 2**20 < int(rows["Max address space"]) < 3 * 2**30


def test_the_same_error_is_not_told_a_thousand_times(pool, capfd):
    for number in range(120):
        assert f": {number}" in pool.ask({"formula": f"raise_ {number}"}, LIMIT).message
    said = capfd.readouterr().err
    assert said.count("Traceback") == 1 and said.count("checker: ") == 3
    assert "(10 times so far)" in said and "(100 times so far)" in said


def test_every_second_formula_of_a_batch_may_be_the_worst():
    rows = [row for worst in WORST if worst[1] != TIME for row in (worst, ("a = b", "", ""))]
    text = "".join(record(number, formula) for number, (formula, _, _) in enumerate(rows))
    target = io.BytesIO()
    done = run(io.BytesIO(text.encode()), target, jobs=2, seconds=4.0, settings=SETTINGS)
    found = plain(target.getvalue())
    assert [one["id"] for one in found] == [f"r{number}" for number in range(len(rows))]
    assert done.verdicts == {"undecided": len(rows) // 2, "correct": len(rows) // 2}
    assert all(row[1] in one.get("message", "") for one, row in zip(found, rows, strict=True))
    assert until(lambda: len(workers()) <= 1)


def test_every_field_of_an_answer_arrives(pool):
    answer = pool.ask({"formula": "whole"}, LIMIT)
    assert (answer.verdict, answer.first_error, answer.where) == ("incorrect", 2, (0, 1))
    assert answer.steps[1].counterexample == answer.counterexample is not None
    assert answer.diagnosis[0].where == (2, 3) and answer.steps[0].where == (0, 3)


# --- workers come and go --------------------------------------------------------------------------------------------


def pids(settings, formulas):
    pool = Pool(settings, most=1)
    found = [pool.ask({"formula": formula}, 5.0).reading.get("pid") for formula in formulas]
    pool.close()
    assert not any(alive(pid) for pid in found if pid)
    return [pid for pid in found if pid]


def test_a_worker_is_used_again_and_replaced_after_its_share():
    share = Settings(answer="tests.standins:answer", warm=WARM, answers=3)
    assert len(set(pids(SETTINGS, ["pid"] * 10))) == 1
    found = pids(share, ["pid"] * 10)
    assert [len(set(found[:3])), len(set(found)), found[2] == found[3]] == [1, 4, False]


def test_memory_that_is_kept_is_given_back():
    small = Settings(answer="tests.standins:answer", warm=WARM, kept=50 * 2**20)
    first, second, third = pids(small, ["pid", "keep 1000", "pid", "keep 90000000", "pid"])
    assert first == second != third


def test_processes_that_are_allowed_end_with_the_worker():
    pool = Pool(Settings(answer="tests.standins:answer", warm=WARM, processes=True), most=1)
    worker = pool.ask({"formula": "pid"}, LIMIT).reading["pid"]
    assert pool.ask({"formula": "run"}, LIMIT).verdict == "correct"
    assert "os.system" in pool.ask({"formula": "shell true"}, LIMIT).message
    helpers = children(worker)
    assert len(helpers) == 1 and alive(helpers[0])
    pool.close()
    assert until(lambda: not alive(helpers[0]))


def test_many_threads_share_the_workers():
    pool = Pool(SETTINGS, most=3)
    formulas = [f"a_{number}" if number % 40 else "vanish 1" for number in range(16 * 20)]
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda formula: pool.ask({"formula": formula}, 5.0), formulas))
        assert 1 <= len(workers()) <= 4
    expected = [None if formula == "vanish 1" else formula for formula in formulas]
    assert [one.reading.get("formula") for one in found] == expected
    pool.close()
    with pytest.raises(WorkerFailed, match="the checker has been closed"):
        pool.ask({"formula": "a"}, LIMIT)


def test_closing_ends_those_who_wait():
    pool, before = Pool(SETTINGS), workers()
    outcome = []

    def ask():
        try:
            outcome.append(pool.ask({"formula": "sleep 60"}, 60.0))
        except WorkerFailed as error:
            outcome.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    assert until(lambda: len(workers()) > len(before))
    pool.close()
    thread.join()
    assert outcome == ["the checker has been closed"]
    assert until(lambda: workers() == before)


def test_a_killed_worker_is_no_fault_of_the_formula(tmp_path, capfd):
    pool = Pool(SETTINGS, most=1)
    first = pool.ask({"formula": "pid"}, LIMIT).reading["pid"]
    os.kill(first, signal.SIGKILL)
    assert until(lambda: not alive(first))
    assert pool.ask({"formula": "pid"}, LIMIT).reading["pid"] != first
    pool.close()

    before, target = set(workers()), io.BytesIO()
    text = "".join(record(number, "sleep 0.3" if number == 2 else "a") for number in range(40)).encode()
    options = {"settings": SETTINGS, "jobs": 1, "seconds": 5.0}
    batch = threading.Thread(target=run, args=(io.BytesIO(text), target), kwargs=options)
    batch.start()
    assert until(lambda: target.getvalue().count(b"\n") == 2)
    for pid in set(workers()) - before:
        os.kill(pid, signal.SIGKILL)
    batch.join()
    found = plain(target.getvalue())
    assert [(one["id"], one["verdict"]) for one in found] == [(f"r{number}", "correct") for number in range(40)]
    assert "a worker ended (SIGKILL)" in capfd.readouterr().err


def test_a_worker_that_cannot_be_started_is_said():
    for function in ("tests.nowhere:answer", "tests.standins:nothing"):
        with pytest.raises(WorkerFailed, match=r"no worker can be started \(exit code 1: .*Error"):
            Pool(Settings(answer=function, warm=WARM)).ask({"formula": "a"}, LIMIT)


def test_no_python_to_start(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(WorkerFailed, match=r"no worker can be started .*No such file"):
        Pool(SETTINGS).ask({"formula": "a"}, LIMIT)


def test_a_folder_with_modules_of_its_own_is_not_looked_into(tmp_path, monkeypatch):
    for name in ("json", "verify", "sympy", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    assert len(pids(SETTINGS, ["pid"])) == 1


@pytest.mark.parametrize("wrong", [{"memory": 0}, {"memory": True}, {"answers": 1.5}, {"kept": -1}, {"answer": "a.b"}])
def test_limits_that_are_none(wrong):
    with pytest.raises(ValueError, match=r"must be a whole number above 0|is named as module:function"):
        Settings(**wrong)


# --- `check` --------------------------------------------------------------------------------------------------------


@pytest.fixture
def standing_in(monkeypatch):
    monkeypatch.setattr(asking, "_POOLS", {})
    monkeypatch.setattr(asking, "Settings", lambda: SETTINGS)
    monkeypatch.setattr(asking, "CHECKER", SETTINGS.answer)
    yield
    for pool in asking._POOLS.values():
        pool.close()


@pytest.mark.parametrize("isolated", [True, False])
def test_check_asks_with_every_option(standing_in, isolated):
    answer = check("a = b", layers=(2, "n", 1), activations=["relu", {"name": "elu", "alpha": 1}], loss="mse",
                   bias=False, notation="ng", given=["c = d"], assume=("x > 0",), layout="numerator", first_layer=1,
                   shapes={"W": ("m", 2)}, id={"any": "thing"}, isolated=isolated)  # fmt: skip
    assert answer.verdict == "correct" and answer.id == {"any": "thing"} and answer.ms > 0
    assert answer.reading == {"formula": "a = b", "layers": [2, "n", 1]}


@pytest.mark.parametrize("isolated", [True, False])
def test_check_answers_whatever_it_is_given(standing_in, isolated, capfd):
    assert check("a", loss="wrong", id=7, isolated=isolated).message.startswith("`loss` must be one of")
    assert check("a", loss="wrong", id=7, isolated=isolated).id == 7
    for formula in (None, 7, b"a = b", ["a"], object(), "a" * 30_000):
        assert check(formula, isolated=isolated).verdict == "unreadable"
    assert check("raise_ x", isolated=isolated).verdict == "undecided"
    assert "in raise_" in capfd.readouterr().err
    assert check("recurse", isolated=isolated).verdict == "undecided"
    assert check("\ud800\0\u202e", isolated=isolated).reading["formula"] == "\ud800\0\u202e"
    with pytest.raises(ValueError, match="time limit"):
        check("a", seconds=0, isolated=isolated)


def test_check_keeps_its_time_in_any_thread(standing_in):
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda formula: check(formula, seconds=LIMIT), ["loop", "a", "loop", "a"]))
    assert [one.verdict for one in found] == ["undecided", "correct"] * 2


def test_check_works_in_a_forked_copy(standing_in):
    assert check("a").verdict == "correct"
    with multiprocessing.get_context("fork").Pool(1) as copies:
        assert copies.apply(check, ("a",)).verdict == "correct"
    assert check("a").verdict == "correct"


# --- questions ------------------------------------------------------------------------------------------------------

WRONG = [
    {"formula": None},
    {"layers": (2, 10**5000)},
    {"layers": [2, "²"]},
    {"layers": [2, "a\nb"]},
    {"layers": [2, " "]},
    {"layers": [2] * 201},
    {"layers": {2: 3}},
    {"activations": ["relu"]},
    {"activations": {"name": "elu", "alpha": 10**400}},
    {"activations": {"name": "elu", "alpha": None}},
    {"activations": {"name": "elu", 1: 2}},
    {"activations": {}},
    {"loss": 10**5000},
    {"loss": "x" * 10**6},
    {"given": ["a"] * 201},
    {"given": ["a" * 15_000, "b" * 15_000]},
    {"shapes": {1: [2]}},
    {"shapes": {"x" * 101: [2]}},
    {"shapes": {"W": [2] * 7}},
    {"shapes": ["W"]},
    {"first_layer": -1},
    {"first_layer": 10**5000},
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_a_wrong_question_is_refused_in_a_sentence(number):
    with pytest.raises(BadQuestion) as raised:
        Question.of({"formula": "a = b"} | WRONG[number])
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 400


def test_null_stands_for_the_default():
    fields = ("layers", "activations", "loss", "bias", "notation", "given", "assume", "layout", "first_layer", "shapes")
    assert Question.of({"formula": "a"} | dict.fromkeys(fields)) == Question.of({"formula": "a"})
