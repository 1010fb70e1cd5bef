"""The parts of the second reader: its process, which can be ended and replaced; exact programs; the table of signs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tests
from verify.second import SecondReader, foreign, program
from verify.second.foreign import Absent, ForeignReader
from verify.second.glue import Untranslated, braced, translated
from verify.second.program import PRIME, BadProgram, NoValue, Step, checked, evaluated, printed

WORKER = Path(foreign.__file__).with_name("worker.py")
A, B = r"\variable{a}", r"\variable{b}"


@pytest.fixture(scope="module")
def reader():
    """One process, with time enough for a machine that is busy."""
    with ForeignReader(seconds=30) as one:
        yield one


def steps(reader, text):
    (found,) = reader.read([text])
    return found.program and [tuple(step) for step in found.program]


# --- what latex2sympy2 makes of a text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A} - {B}", [("v", "a"), ("n", "-1"), ("v", "b"), ("*", 2), ("+", 2)]),
        (rf"{B} {A}", [("v", "b"), ("v", "a"), ("*", 2)]),
        (rf"\frac{{{A}}}{{{B}}}", [("v", "a"), ("v", "b"), ("n", "-1"), ("^", 2), ("*", 2)]),
        (rf"\log({A})", [("v", "a"), ("f", "log")]),
        (rf"\ln({A})", [("v", "a"), ("f", "ln")]),
        (rf"e^{{{A}}}", [("v", "a"), ("f", "exp")]),
        ("0.25", [("n", "1/4")]),
        (rf"\int {A} dx", None),
        (rf"{A} = {B}", None),
        (rf"{A} \odot {B}", None),
        (rf"x + {A}", None),
        ("", None),
    ],
)
def test_programs(reader, text, expected):
    assert steps(reader, text) == expected


def test_nothing_that_was_read_before_changes_what_is_read(reader):
    first = steps(reader, f"{A} {B}")
    for text in ("a = 5", r"\int x dx", r"\frac{d}{dx} x", "x + dx", rf"{A} = 5"):
        reader.read([text])
    assert steps(reader, f"{B} {A} {B}") == [("v", "b"), ("v", "a"), ("v", "b"), ("*", 3)]
    assert steps(reader, f"{A} {B}") == first


HANGS = ("{" * 200 + A + "}" * 200, f"({A})^{{" * 60 + A + "}" * 60, rf"\tanh({A}) \cdot " * 40 + A)


def test_a_text_that_takes_too_long_is_given_up_and_the_next_one_is_read():
    with ForeignReader(seconds=0.5) as reader:
        reader.read([A])
        for text in HANGS:
            begin = time.monotonic()
            late, next_one = reader.read([text, f"{A} + {text}"])
            assert time.monotonic() - begin < 20
            assert late.program is None or next_one.program is None
        reader.seconds = 30
        assert steps(reader, f"{A} + {B}") is not None


def test_a_process_that_was_ended_is_replaced():
    with ForeignReader(seconds=30) as reader:
        assert steps(reader, f"{A} + {B}") is not None
        worker = reader._worker
        worker.process.send_signal(signal.SIGKILL)
        assert steps(reader, f"{A} - {B}") is not None
        assert reader._worker is not worker


def test_no_process_is_left():
    with ForeignReader(seconds=30) as reader:
        reader.warm()
        reader.warm()
        assert steps(reader, f"{A} + {B}") is not None
        number = reader._worker.process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_the_process_ends_with_its_input_and_by_its_own_clock():
    folders = [str(foreign._folder(name)) for name in foreign.PACKAGES]
    command = [sys.executable, "-I", str(WORKER)]
    ended = subprocess.run([*command, "30", *folders], input=b'{"text": "1"}\n', capture_output=True, timeout=60)
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [{"ready": True}, {"program": [["n", "1"]]}]
    request = json.dumps({"text": "{" * 200 + A + "}" * 200 + rf"\tanh({A}) \cdot " * 40}).encode() + b"\n"
    with subprocess.Popen([*command, "0.2", *folders], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(request)
        process.stdin.flush()
        assert process.wait(timeout=60) == -signal.SIGALRM


# --- packages -------------------------------------------------------------------------------------------------------


def test_nothing_of_it_is_imported_here(reader):
    code = (
        "import sys; from verify.second import second_opinion; assert second_opinion('c = a - b').status == 'agree'; "
        "print([one for one in ('latex2sympy2', 'antlr4', 'gen') if one in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd(), timeout=60)
    assert (found.stdout, found.stderr) == ("[]\n", "")
    assert Path(tests.__file__).parent == Path(__file__).parent


def test_what_lies_in_the_working_folder_is_not_imported(tmp_path, monkeypatch):
    for name in ("gen", "sympy", "latex2sympy2", "tests", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ForeignReader(seconds=30) as reader:
        assert steps(reader, f"{A} + {B}") is not None


def test_without_latex2sympy2_there_is_no_opinion(monkeypatch):
    monkeypatch.setattr(foreign, "PACKAGES", ("no_such_package_anywhere",))
    with SecondReader() as second:
        opinion = second.opinion("c = a - b")
    assert opinion.status == "abstained" and "no_such_package_anywhere is not installed" in opinion.message


@pytest.mark.parametrize("source", ["raise ImportError('broken')", "import sys; sys.exit(3)", "print('[]')"])
def test_a_broken_installation_gives_no_opinion(tmp_path, monkeypatch, source):
    monkeypatch.setattr(foreign, "_WORKER", tmp_path / "worker.py")
    (tmp_path / "worker.py").write_text(source)
    with SecondReader() as second:
        assert [second.opinion("c = a - b").status for _ in range(2)] == ["abstained"] * 2
    with ForeignReader() as reader, pytest.raises(Absent, match="latex2sympy2 cannot be used"):
        reader.read([A])


AS_ON_PYTHON_3_13 = "import sys, typing; sys.modules.pop('typing.io', None); typing.__dict__.pop('io', None); "
MENDED = f"import runpy; runpy.run_path({str(WORKER)!r}, run_name='worker')['mend_typing'](); "


@pytest.mark.parametrize(("code", "works"), [("", False), (MENDED, True)])
def test_antlr_loads_where_python_has_no_typing_io(code, works):
    code = AS_ON_PYTHON_3_13 + code + "import latex2sympy2; print(latex2sympy2.latex2sympy('2 + 3'))"
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-I", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert (found.returncode == 0) is works
    assert found.stdout == ("2 + 3\n" if works else "")
    assert works or "typing" in found.stderr


# --- programs -------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from("abc")
LEAVES = st.one_of(
    NAMES.map(lambda name: [Step("v", name)]),
    st.fractions(-9, 9, max_denominator=9).map(lambda number: [Step("n", str(number))]),
)


def joined(kind):
    return lambda parts: [*[step for part in parts for step in part], Step(kind, len(parts))]


def raised(pair):
    base, count = pair
    return [*base, Step("n", str(count)), Step("^", 2)]


PROGRAMS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(joined("+")),
        st.lists(inner, min_size=1, max_size=3).map(joined("*")),
        st.tuples(inner, st.integers(-3, 3)).map(raised),
    ),
    max_leaves=8,
)


def by_flint(steps, seed):
    """The value of a program by another library's matrices; None where it divides by zero."""
    stack = []
    for kind, value in steps:
        if kind == "v":
            stack.append(flint.nmod_mat(2, 2, list(evaluated((Step("v", value),), seed)), PRIME))
        elif kind == "n":
            above, _, below = value.partition("/")
            entry = flint.nmod(int(above), PRIME) / flint.nmod(int(below or 1), PRIME)
            stack.append(flint.nmod_mat(2, 2, [entry, 0, 0, entry], PRIME))
        elif kind == "^":
            count = stack.pop()[0, 0]
            exponent = int(count) if int(count) < 100 else int(count) - PRIME
            base = stack.pop()
            if exponent < 0 and base.det() == 0:
                return None
            stack.append((base.inv() if exponent < 0 else base) ** abs(exponent))
        else:
            parts = [stack.pop() for _ in range(value)][::-1]
            total = parts[0]
            for part in parts[1:]:
                total = total + part if kind == "+" else total * part
            stack.append(total)
    (found,) = stack
    return tuple(int(found[row, column]) for row in (0, 1) for column in (0, 1))


@settings(max_examples=150, deadline=None)
@given(PROGRAMS, st.integers(0, 99).map(str))
def test_values_are_those_of_another_library(steps, seed):
    expected = by_flint(steps, seed)
    if expected is None:
        with pytest.raises(NoValue):
            evaluated(tuple(steps), seed)
    else:
        assert evaluated(tuple(steps), seed) == expected


def test_functions_know_their_name_and_their_argument():
    x, y = Step("v", "x"), Step("v", "y")
    values = [(x, Step("f", "exp")), (y, Step("f", "exp")), (x, Step("f", "ln")), (x,), (x, y, Step("^", 2))]
    assert len({evaluated(one, "1") for one in values}) == 5
    twice = (x, x, Step("n", "-1"), Step("*", 2), Step("+", 2), y, Step("+", 2), Step("f", "exp"))
    assert evaluated(twice, "1") == evaluated(values[1], "1")


@pytest.mark.parametrize(
    "found",
    [
        None, [], {}, "v", [["v"]], [["v", 1]], [["n", 1]], [["+", "2"]], [["+", True]], [["x", "y"]],
        [["v", "a", "b"]], [["n", "1/0"]], [["n", "1.5"]], [["n", "٣"]], [["n", ""]], [["n", "1" * 5000]], [[[], "a"]],
        [["v", "a"]] * 30_000,
    ],
)  # fmt: skip
def test_nonsense_is_no_program(found):
    with pytest.raises(BadProgram):
        checked(found)


@pytest.mark.parametrize(
    "steps", [[("+", 2)], [("v", "a"), ("+", 2)], [("v", "a"), ("v", "b")], [("v", "a"), ("*", -1)]]
)
def test_a_program_that_does_not_add_up_has_no_value(steps):
    with pytest.raises(BadProgram):
        evaluated(tuple(Step(*one) for one in steps), "1")


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ("va vb n-1 vc *2 +2 +2", "x + b - c"),
        ("va n-1 vb *2 +2 vc *2", "(x - b) · c"),
        ("n-1 va vb +2 *2", "-(x + b)"),
        ("va vb n-1 ^2 *2", "x · b^(-1)"),
        ("va vb *2 n2 ^2 fexp", "exp((x · b)^2)"),
        ("va n2 ^2 n3 ^2", "(x^2)^3"),
        ("n-1 va vb *2 *2 n1/2 *2", "(-x · b) · (1/2)"),
    ],
)
def test_printing(steps, text):
    made = [Step(one[0], one[1:] if one[0] in "vnf" else int(one[1:])) for one in steps.split()]
    assert printed(tuple(made), {"a": "x"}) == text


def test_the_prime_is_one():
    assert flint.fmpz(program.PRIME).is_prime()


# --- signs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (r" + − - \cdot · \times ⊙ \circ ./ .*", r"+ - - \cdot \cdot \times * * / *"),
        (r"\left( \Bigl[ \right\} ]", "( ( ) )"),
        (r"\tfrac12 3", r"\frac { 1 } { 2 } 3"),
        (r"\frac1{23}", r"\frac { 1 } { 23 }"),
        (r"\frac123", r"\frac { 1 } { 2 } 3"),
        (r"\frac\frac1234", r"\frac { \frac { 1 } { 2 } } { 3 } 4"),
        (r"\sqrt2 ^ {\frac 1 2}", r"\sqrt { 2 } ^ { \frac { 1 } { 2 } }"),
        (r"(1)²⁻¹ .5 1.50", r"( 1 ) ^ { 2-1 } 0.5 1.50"),
        ("% all this is a comment + \n -", "-"),
        (r"\color{red} 1 \textcolor{blue}{2} \\[2pt] & \! \hspace{1em} 3", "1 { 2 } 3"),
        (r"\tanh e \exp", r"\tanh e \exp"),
        (r"x \delta '", r"\variable{unclaimedx} \variable{unclaimeddelta} \variable{unclaimed}"),
    ],
)
def test_translation(typed, expected):
    assert " ".join(braced(list(translated(typed)))).replace("2 - 1", "2-1") == expected


@pytest.mark.parametrize(
    "typed", [r"\int", r"\write18", "!", "\x00", r"\left.", "a = b", r"\frac1", "^", r"\frac{1", "№"]
)
def test_what_is_not_in_the_table_is_refused(typed):
    with pytest.raises(Untranslated):
        braced(list(translated(typed)))
