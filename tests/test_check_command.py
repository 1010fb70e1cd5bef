"""`derive check`: what it takes, what it asks, what it prints, and with which exit code it ends."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive.tables.notations import NOTATIONS
from reports.checking import asking, cli
from reports.checking.options import colours, columns, shows
from reports.checking.sources import SourceError, bare, definitions, formula
from reports.cli import main
from verify.batch.faults import WorkerFailed
from verify.checking.answer import Answer
from verify.checking.question import Question

ROOT = Path(__file__).resolve().parent.parent
RIGHT = r"\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)"
WRONG = r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)"
NUMBER = r"-\delta^3 = -(a^3 - y) \odot \sigma'(z^3)"


def derive(capsys, *arguments):
    """(exit code, standard output, standard error) of the command, in this process."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    out, err = capsys.readouterr()
    return stop.value.code or 0, out, err


@pytest.fixture
def asked(monkeypatch):
    """The questions that are asked, and what is chosen; each answer is `correct`, or what the formula names."""
    found = []

    def ask(question, options):
        found.append((question, options))
        verdict = next((one for one in ("incorrect", "undecided", "unreadable") if one in question.formula), "correct")
        return Answer(verdict, "exact", id=question.id)

    monkeypatch.setattr(asking, "ask", ask)
    return found


# --- questions ------------------------------------------------------------------------------------------------------


def test_every_option_arrives_in_the_question(capsys, asked):
    code, _, err = derive(
        capsys, "check", "--layers", "3,n_1,2", "--activations", "tanh,leaky-relu:alpha=0.1", "--loss", "mse",
        "--no-bias", "--notation", "ng", "--assume", "x > 0", "--assume", r"\sum_i y_i = 1", "--layout", "numerator",
        "--first-layer", "1", RIGHT,
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert asked[0][0] == Question.of(
        {
            "formula": RIGHT,
            "layers": [3, "n_1", 2],
            "activations": ["tanh", {"name": "leaky-relu", "alpha": 0.1}],
            "loss": "mse",
            "bias": False,
            "notation": "ng",
            "assume": ["x > 0", r"\sum_i y_i = 1"],
            "layout": "numerator",
            "first_layer": 1,
        }
    )


def test_what_is_not_said_is_left_to_the_checker(capsys, asked):
    assert derive(capsys, "check", RIGHT)[0] == 0
    assert asked[0][0] == Question.of({"formula": RIGHT})
    assert asked[0][1].record == {}


def test_definitions_from_files_and_from_the_command_line(capsys, asked, tmp_path):
    path = tmp_path / "given.txt"
    path.write_text(
        "% a softmax\n\n% derive: shape W m n, x n\nz = W x\n$p = z^2$  % derive: shape p m\n% derive: skip\nq = 1\n"
        "\n% derive: claim\n\\frac{dp}{dz} = 2 z  % 50\\% of it\nr = 5\\%\n% derive: assume x > 0\n"
    )
    code, _, err = derive(
        capsys, "check", "-g", str(path), "--given", "L = p", "--shape", "y=2,k", "--shape", "c=", "a = b"
    )
    assert (code, err) == (0, "")
    claim, question = asked[0][0], asked[1][0]
    assert (claim.formula, question.formula) == (r"\frac{dp}{dz} = 2 z", "a = b")
    assert question.given == claim.given == ("z = W x", "p = z^2", r"r = 5\%", "L = p")
    assert dict(question.shapes) == {"W": ("m", "n"), "x": ("n",), "p": ("m",), "y": (2, "k"), "c": ()}
    assert question.assume == ("x > 0",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("$a = b$", "a = b"), ("$$ a = b $$", "a = b"), (r"\[ a = b \]", "a = b"), (r"\(a=b\)", "a=b"),
     (" a = b\n", "a = b"), ("$a$ = $b$", "$a$ = $b$"), ("$", "$"), (r"\[ a = b", r"\[ a = b"),
     ("\ufeffa = b", "a = b")],
)  # fmt: skip
def test_dollars_around_a_formula(typed, meant):
    assert bare(typed) == meant


def test_formulas_from_files_and_standard_input(capsys, asked, tmp_path, monkeypatch):
    (tmp_path / "claim.txt").write_text("$ \\delta^3 = a^3 \n - y $\n")
    (tmp_path / "claim").write_text("a = b")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("δ = ε".encode())))
    for argument in ("claim.txt", "claim", "-"):
        assert derive(capsys, "check", argument)[0] == 0
    assert [question.formula for question, _ in asked] == ["\\delta^3 = a^3 \n - y", "a = b", "δ = ε"]


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "wide.txt").write_bytes(b"a = \xff")
    with pytest.raises(SourceError, match="is not UTF-8 at byte 5"):
        formula(str(tmp_path / "wide.txt"))
    (tmp_path / "long.txt").write_bytes(b"a" * 1_000_000)
    with pytest.raises(SourceError, match="is larger than 160,000 bytes"):
        formula(str(tmp_path / "long.txt"))
    with pytest.raises(SourceError, match="is a folder; a file is needed"):
        definitions((str(tmp_path),))
    (tmp_path / "given.txt").write_text("a = b\n% derive: deffine\n")
    with pytest.raises(SourceError, match=r"given.txt, line 2: “derive: deffine” is not known"):
        definitions((str(tmp_path / "given.txt"),))
    (tmp_path / "given.txt").write_text("% derive: network layers=2,1\n")
    with pytest.raises(SourceError, match="belongs in a document"):
        definitions((str(tmp_path / "given.txt"),))


# --- exit codes and output ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("formula", "code"), [("a=b", 0), ("incorrect", 1), ("unreadable", 2), ("undecided", 3)])
def test_exit_codes(formula, code, capsys, asked):
    assert derive(capsys, "check", formula)[0] == code
    assert derive(capsys, "check", "--quiet", formula) == (code, "", "")


def test_json_is_the_record_and_nothing_else(capsys, asked):
    code, out, err = derive(capsys, "check", "--json", "a = \u202e incorrect")
    assert (code, err) == (1, "")
    assert json.loads(out) == Answer("incorrect", "exact").record()
    assert out.isascii()
    assert out.count("\n") == 1


def test_several_formulas_end_with_the_worst(capsys, asked, tmp_path):
    path = tmp_path / "given.txt"
    for verdicts, code in [
        (("undecided", "correct"), 3),
        (("unreadable", "undecided"), 2),
        (("incorrect", "unreadable"), 1),
    ]:
        path.write_text("".join(f"% derive: claim\n{one}\n" for one in verdicts))
        found, out, _ = derive(capsys, "check", "--json", "--given", str(path))
        assert found == code
        assert [json.loads(line)["verdict"] for line in out.splitlines()] == list(verdicts)


WRONG_USE = [
    ([], "there is nothing to check: give a formula in quotes, a file that holds one, or - to read standard input"),
    (["a", "=", "b"], "one formula at a time, in quotes; 3 arguments were found, of which the second is '='"),
    (
        [r"-\delta^2 = x"],
        "a formula that begins with - stands behind --, as in: derive check --layers 2,3,1 -- '-a = b'",
    ),
    (["-h^{(1)} = x"], "there is no option '-h^{(1)} = x'; a formula that begins with - stands behind --"),
    (["-g_1 = x"], "there is no option '-g_1 = x'"),
    (["--x = y"], "there is no option '--x = y'"),
    (["--layers", "2,x!,1", "a=b"], "a width in --layers must be a whole number or a letter such as n_1, not 'x!'"),
    (["--layers", "2", "a=b"], "`layers` must be a list of 2 to 200 widths"),
    (["--layers", "2,3,1", "--activations", "tanh,tanh,tanh", "a=b"], "one for each of the 2 weight layers, not 3"),
    (["--activations", "sigmiod", "a=b"], "unknown activation 'sigmiod'; did you mean 'sigmoid'?"),
    (["--loss", "mse2", "a=b"], "unknown loss 'mse2'; did you mean 'mse'?"),
    (["--notation", "mine", "a=b"], "'mine' is not one of 'auto', 'nielsen'"),
    (["--shape", "W", "a=b"], "--shape is a name and its sizes, as in W=m,n, not 'W'"),
    (["--shape", "W=1,?", "a=b"], "--shape is a name and its sizes"),
    (["--seconds", "0", "a=b"], "--seconds must be between 0 and 86,400, not 0"),
    (["--seconds", "nan", "a=b"], "--seconds must be between 0 and 86,400, not nan"),
    (["--memory", "1", "a=b"], "1 is not in the range"),
    (["--jobs", "2", "a=b"], "--jobs goes with --batch, or with a document"),
    (["--resume", "a=b"], "--resume goes with --batch"),
    (["--output", "x", "a=b"], "--output goes with --batch"),
    (["nowhere.txt"], "nowhere.txt cannot be read: No such file or directory"),
    (["--given", "nowhere", "a=b"], "nowhere cannot be read: No such file or directory"),
    (["--given", "nowhere.tex", "a=b"], "nowhere.tex cannot be read"),
    (["nowhere.tex"], "there is no file nowhere.tex"),
    (["--batch", "nowhere.jsonl"], "nowhere.jsonl"),
    (["--batch", "x", "a=b"], "a batch has its formulas in its records"),
    (
        ["--batch", "x", "--loss", "mse"],
        "what a batch is about stands in each of its records, not on the command line: loss",
    ),
    (["--batch", "x", "--resume"], "only a batch that is written to a file can be resumed"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_USE)
def test_wrong_use_is_one_sentence_and_exit_code_2(arguments, message, capsys, tmp_path, monkeypatch):
    (tmp_path / "x").write_text('{"formula": "a = a"}\n')
    monkeypatch.chdir(tmp_path)
    code, out, err = derive(capsys, "check", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("derive: ")
    assert message in err
    assert err.count("\n") == 1


def test_a_formula_behind_the_dashes(capsys, asked):
    assert derive(capsys, "check", "--layers", "2,3,1", "--assume", "-1 < x", "--", NUMBER)[0] == 0
    assert asked[0][0].formula == NUMBER
    assert asked[0][0].assume == ("-1 < x",)


def test_a_worker_that_cannot_start_is_a_sentence(capsys, monkeypatch):
    def fails(question, options):
        raise WorkerFailed("no worker can be started (\x1b[31m)")

    monkeypatch.setattr(asking, "ask", fails)
    assert derive(capsys, "check", "a=b") == (2, "", "derive: no worker can be started (<U+001B>[31m)\n")


# --- options in front of check --------------------------------------------------------------------------------------


def test_options_in_front_of_check_count(capsys, asked):
    arguments = (
        "--layers",
        "4,1",
        "--activations",
        "tanh",
        "--loss",
        "mse",
        "--notation",
        "bishop",
        "--no-bias",
        "--json",
    )
    code, out, _ = derive(capsys, *arguments, "check", "a=b")
    assert code == 0
    assert json.loads(out)["verdict"] == "correct"
    question = asked[0][0]
    assert (question.layers, question.loss, question.notation, question.bias) == ((4, 1), "mse", "bishop", False)
    assert question.activations == (("tanh", ()),)


@pytest.mark.parametrize(("value", "meant"), [("none", False), ("separate", True)])
def test_kinds_of_bias_in_front_of_check(value, meant, capsys, asked):
    assert derive(capsys, "--bias", value, "check", "a=b")[0] == 0
    assert asked[0][0].bias is meant


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--expand", "check", "a=b"], "--expand in front of check means nothing to it; leave it out"),
        (["--seed", "3", "check", "a=b"], "--seed in front of check means nothing to it"),
        (["--output", "x", "check", "a=b"], "that of check stands behind it: derive check --output …"),
        (
            ["--bias", "appended", "check", "a=b"],
            "check knows networks with --bias or --no-bias; 'appended' is neither",
        ),
        (
            ["--layers", "2,1", "check", "--layers", "3,1", "a=b"],
            "--layers stands both in front of check and behind it",
        ),
        (["chekc", "a=b"], "No such command 'chekc'"),
    ],
)
def test_nothing_in_front_of_check_is_lost(arguments, message, capsys, asked):
    code, out, err = derive(capsys, *arguments)
    assert (code, out, asked) == (2, "", [])
    assert message in err


def test_the_same_option_twice_with_one_value_is_no_contradiction(capsys, asked):
    assert derive(capsys, "--layers", "2,1", "check", "--layers", "2,1", "a=b")[0] == 0


def test_the_options_of_check_are_those_of_its_tables():
    assert set(cli.NOTATIONS) == {"auto", *NOTATIONS}


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["check", "-h"]])
def test_help_imports_nothing_heavy(arguments):
    program = f"import sys; from reports.cli import main\ntry: main({arguments!r})\nexcept SystemExit: pass\n" \
              "sys.exit(any(one in sys.modules for one in ('sympy', 'numpy', 'flint', 'rich')))"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "--layers" in done.stdout
    assert "check" in done.stdout


def test_what_asks_the_checker_is_light_itself():
    """The work is done in another process: this one starts in a moment."""
    program = (
        "import sys, reports.checking.command; sys.exit(any(one in sys.modules for one in ('sympy', 'numpy', 'flint')))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


# --- the terminal ---------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A standard output that somebody watches."""

    encoding = "utf-8"

    def isatty(self):
        return True


def test_colours_are_for_terminals_that_want_them(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert not colours(True)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert colours(True)
    assert not colours(False)
    monkeypatch.setenv("TERM", "dumb")
    assert not colours(True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colours(True)


@pytest.mark.parametrize(("given", "width"), [("40", 60), ("72", 72), ("300", 100)])
def test_lines_are_as_wide_as_the_terminal_but_readable(given, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", given)
    assert columns() == width


@pytest.mark.parametrize(
    ("encoding", "can"), [("utf-8", True), ("ascii", False), ("latin-1", False), ("no-such", False)]
)
def test_signs_are_for_outputs_that_can_show_them(encoding, can):
    stream = Terminal()
    stream.encoding = encoding
    assert shows(stream) is can
    assert not shows(None)


def run(*arguments, **more):
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "reports.cli", *arguments], capture_output=True, env=environment, **more
    )


def test_the_real_command_in_ascii_and_in_unicode():
    done = run("check", "--layers", "3,4,3,2", WRONG, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert done.stdout.isascii()
    assert WRONG.encode() in done.stdout
    done = run("check", "--layers", "3,4,3,2", RIGHT, env={"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 0
    assert "δ² = (w³)ᵀ δ³ ⊙ σ′(z²)" in done.stdout.decode()
    assert "correct" in done.stdout.decode()
