"""`derive check` and the checker behind it: verdicts, the second reader, batches and documents."""

import json
import re
from pathlib import Path

import pytest

from reports.checking import asking, batches, child, documents, twice
from reports.checking.options import Options
from tests.test_check_command import NUMBER, RIGHT, WRONG, derive, run
from verify.batch.output import BatchError
from verify.batch.run import Interrupted, Progress
from verify.checking.answer import Answer
from verify.checking.question import Question
from verify.second import Opinion


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--layers", "2,3,1", RIGHT], 0),
        (["--layers", "2,3,1", WRONG], 1),
        (["--layers", "2,3,1", "--", NUMBER], 0),
        (["--layers", "2,1", "--memory", "1024", "--no-second-reader", r"\delta^2 = (y - a^2) \odot \sigma'(z^2)"], 1),
        ([r"\delta^3 = \clubsuit"], 2),
    ],
)
def test_what_the_checker_says_is_the_exit_code(arguments, code, capsys):
    assert derive(capsys, "check", *arguments)[0] == code


def test_a_second_reader_that_reads_otherwise_leaves_no_verdict(monkeypatch):
    monkeypatch.setattr(twice, "second_opinion", lambda text: Opinion("disagree", "it is read otherwise", where=(4, 7)))
    question = Question.of({"formula": RIGHT})
    found = twice.agreed(
        Answer("correct", "exact", id=7, reading={"notation": "nielsen"}), twice.disagreement(question)
    )
    assert found == Answer(
        "undecided", message="it is read otherwise", where=(4, 7), id=7, reading={"notation": "nielsen"}
    )
    monkeypatch.setattr(child, "checked", lambda question: Answer("incorrect", "exact"))
    assert child.answer(question).verdict == "undecided"
    unread = Answer("unreadable", message="no formula")
    assert twice.agreed(unread, twice.disagreement(question)) is unread
    monkeypatch.setattr(
        twice, "second_opinion", lambda text: Opinion("agree" if text == RIGHT else "disagree", "", where=(1, 2))
    )
    in_given = twice.disagreement(Question.of({"formula": RIGHT, "given": ["a = b"]}))
    assert in_given is not None
    assert in_given.where is None


def test_without_the_second_reader_nobody_asks_it(monkeypatch):
    monkeypatch.setattr(twice, "second_opinion", lambda text: pytest.fail("it was asked"))
    monkeypatch.setattr(asking, "ask_shared", lambda question, seconds: Answer("correct", "exact", ms=seconds))
    assert asking.ask(Question.of({"formula": "a=a"}), Options(second=False, seconds=5.0)) == Answer(
        "correct", "exact", ms=5.0
    )


# --- batches --------------------------------------------------------------------------------------------------------


def batch(path, *formulas):
    path.write_text("".join(json.dumps({"id": number, "formula": one}) + "\n" for number, one in enumerate(formulas)))
    return str(path)


@pytest.mark.parametrize("more", [[], ["--second-reader"]])
def test_a_batch(more, capsys, tmp_path):
    out = tmp_path / "out.jsonl"
    source = batch(tmp_path / "in.jsonl", RIGHT, WRONG, r"\odot")
    code, said, err = derive(capsys, "check", "--batch", source, "--output", str(out), "--jobs", "1", *more)
    assert (code, said, err) == (0, "3 answered: 1 correct, 1 incorrect, 1 unreadable\n", "")
    assert [json.loads(line)["verdict"] for line in out.read_text().splitlines()] == [
        "correct",
        "incorrect",
        "unreadable",
    ]
    again = derive(capsys, "check", "--batch", source, "--output", str(out), "--resume", "--json")
    assert again[0] == 0
    assert json.loads(again[1])["resumed"] == 3


def test_a_batch_to_standard_output(tmp_path):
    source = batch(tmp_path / "in.jsonl", RIGHT)
    done = run("check", "--batch", "-", "--jobs", "1", input=Path(source).read_bytes())
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "correct"
    assert re.fullmatch(rb"1 answered: 1 correct\s*", done.stderr)


def test_how_far_a_batch_is():
    news = Progress(412, 12, {"incorrect": 32, "correct": 380}, 0.5)
    assert (
        batches.line(news)
        == "━" * 12 + "─" * 12 + "  412 answered (12 of them by an earlier run): 380 correct, 32 incorrect"
    )
    assert batches.line(Progress(0, 0, {}, None), unicode=False) == "0 answered"


@pytest.mark.parametrize(("error", "code"), [(BatchError, 2), (Interrupted, 130)])
def test_a_batch_that_stops_says_where_its_answers_are(error, code, capsys, monkeypatch):
    def stops(*arguments, **options):
        raise error("the answers so far are in out.jsonl.part")

    monkeypatch.setattr(batches, "run_batch", stops)
    assert derive(capsys, "check", "--batch", "x") == (code, "", "derive: the answers so far are in out.jsonl.part\n")


# --- documents ------------------------------------------------------------------------------------------------------


def test_documents_are_checked_as_such(capsys, monkeypatch):
    seen = []
    monkeypatch.setattr(documents, "run", lambda *arguments: seen.append(arguments) or 3)
    arguments = ("--layers", "2,1", "--macros", "m.sty", "--pdf-engine", "typst", "--output", "out.pdf", "--jobs", "2")
    code, _, err = derive(capsys, "check", *arguments, "a.tex", "b.TEX")
    assert (code, err) == (3, "")
    ((paths, options, engine, macros, language),) = seen
    assert (paths, engine, macros, language) == ([Path("a.tex"), Path("b.TEX")], "typst", (Path("m.sty"),), "en")
    assert (options.record, options.output, options.jobs) == ({"layers": [2, 1]}, Path("out.pdf"), 2)


def test_a_claim_of_a_list_of_definitions_is_not_lost_beside_a_document(capsys, tmp_path):
    (tmp_path / "given.txt").write_text("% derive: claim\na = b\n")
    code, _, err = derive(capsys, "check", "--given", str(tmp_path / "given.txt"), "paper.tex")
    assert code == 2
    assert "a claim in a file of --given is checked without a document beside it" in err
