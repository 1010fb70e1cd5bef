"""Every block of code in the guides runs, prints what its page says, and names nothing that does not exist."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.util import find_spec

import pytest

import run
from tests.doc_examples import ROOT, Example, alike, blocks, commands, parsed, ran, renewed, stage, written

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page.name: page.read_text() for page in PAGES}
COMMANDS = {name: found for name, text in TEXTS.items() if (found := commands(text))}
SESSION = "import runpy, sys\nfor path in sys.argv[1:]:\n    print('\\x1e'); runpy.run_path(path)"
SAID = re.compile(r"print\(.*\) +# ([^:\n]*)")


def python(*arguments, folder):
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True,
                          env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})  # fmt: skip


# --- Python ---


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if blocks(text)])
def test_python_blocks_run_alone_and_print_what_they_say(name, tmp_path):
    """Each block has names of its own; all blocks of a page share a process, since most of their time is importing."""
    found = blocks(TEXTS[name])
    paths = [tmp_path / f"{name}-line-{line}.py" for line, _ in found]
    for path, (line, code) in zip(paths, found, strict=True):
        path.write_text("\n" * (line - 1) + code)  # so that a traceback names the line of the page
    done = python("-c", SESSION, *map(str, paths), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for (line, code), output in zip(found, done.stdout.split("\x1e\n")[1:], strict=True):
        said(code, output, f"{name}:{line}")


def said(code, output, place):
    """What stands behind a `print(…)` as a comment, up to a colon, begins a line of the output; all are in order."""
    lines = iter(output.split("\n"))
    for comment in SAID.findall(code):
        assert any(line.strip().startswith(comment.strip()) for line in lines), (
            f"{place}: {comment!r} is not printed:\n{output}"
        )


def test_a_block_that_prints_something_else_is_caught():
    said("print(1)  # 1: one\nprint(2)  # 2", "1\n2\n", "here")
    for wrong in ("2\n1\n", "1\n3\n", "1\n", ""):
        with pytest.raises(AssertionError, match="is not printed"):
            said("print(1)  # 1: one\nprint(2)  # 2", wrong, "here")


# --- commands ---


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_of_a_page_run_in_order_and_print_what_it_shows(name, tmp_path):
    """In one folder, as a reader has it: a command may need what another has written."""
    stage(tmp_path)
    written(parsed(TEXTS[name])[0], tmp_path)
    wrong = [fault for one in COMMANDS[name] if (fault := fault_of(one, tmp_path))]
    assert not wrong, "\n\n".join([name, *wrong])


def fault_of(example, folder):
    """What is wrong with a command of a page, with all that it prints; nothing where it does what the page says."""
    code, lines = ran(example.arguments, folder)
    said = "\n".join([f"line {example.first}: derive {shlex.join(example.arguments)}", *lines])
    if code not in expected(example, lines):
        return f"exit code {code} of {said}"
    return f"shown otherwise: {said}" if example.shown and not alike(example.shown, lines, example.arguments) else ""


def expected(example, lines):
    """The exit codes that a command may end with: a check with its verdict, what finds mistakes with 1, else 0."""
    shown = example.shown or ()
    if any(line.startswith("derive: ") for line in shown):
        return {2}
    if "--language" in example.arguments and "font" in lines[0]:
        return {2}  # no font on this machine has the letters of that language, and that is said
    if example.arguments[:1] == ("check",):
        return {2} if any(line.startswith("unreadable") for line in shown) else {0, 1, 3}
    return {1} if any("WRONG" in line for line in shown) else {0}


def test_the_pages_are_taken_apart():
    found = [one for page in COMMANDS.values() for one in page]
    assert sum(one.shown is None for one in found) > 15 < sum(bool(one.shown) for one in found)
    assert all(one.arguments for one in found)
    page = "    derive train \\\n        --data x   # why\n\n```sh\n    derive no\n```\n    derive: a sentence\n"
    page += "    $ derive a\n    b\n\n```bash\nderive c > d\n```\n"
    assert [(one.first, one.arguments, one.shown) for one in commands(page)] == [
        (1, ("train", "--data", "x"), None), (8, ("a",), ("b",)), (12, ("c", ">", "d"), None),
    ]  # fmt: skip


def test_a_command_that_fails_or_prints_something_else_is_caught(tmp_path):
    typed = ("check", "-g", "f = x^2", r"\frac{df}{dx} = 2 x")
    assert fault_of(Example(typed, 3, 4, ("df/dx = 2x …", "…", "correct     proved by exact algebra")), tmp_path) == ""
    wrong = Example(typed, 3, 4, ("df/dx = 2x …", "…", "incorrect   …"))
    assert fault_of(wrong, tmp_path).startswith("shown otherwise: line 3: derive check -g 'f = x^2'")
    assert fault_of(Example(("--layers", "2"), 7, 7, None), tmp_path).startswith("exit code 2 of line 7: derive --lay")


def test_a_page_can_be_renewed():
    page = "Text\n\n    $ derive check '='\n    old\n\nmore\n"
    assert renewed(page).startswith("Text\n\n    $ derive check '='\n    =\n")
    assert renewed(page).endswith("\n\nmore\n")
    assert renewed(renewed(page)) == renewed(page)


ALIKE = [
    ("the same", ("a", "b"), ("a", "b"), True),
    ("another word", ("a", "b"), ("a", "c"), False),
    ("a line less", ("a", "b"), ("a",), False),
    ("any lines", ("a", " …", "b"), ("a", "1", "2", "b"), True),
    ("any lines, wrong end", ("a", "…", "b"), ("a", "1", "c"), False),
    ("any text", ("x … z",), ("x y z",), True),
    ("any text, wrong start", ("x … z",), ("y y z",), False),
    ("an error's size", ("w   9e-11   right",), ("w   1.2e-10   right",), True),
    ("below rounding", ("w   2e-16   right",), ("w   below rounding   right",), True),
    ("the verdict", ("w   9e-11   right",), ("w   9e-11   WRONG",), False),
    ("one line alone", ("b",), ("a", "b", "c"), True),
    ("one line alone, not printed", ("b",), ("a", "bb"), False),
    ("a number that counts", ("9 of 9 gradients",), ("8 of 9 gradients",), False),
    ("a sign of LaTeX", (r"x^2 (1)",), (r"x^2 .1.",), False),
]


@pytest.mark.parametrize(("shown", "lines", "same"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_what_a_page_shows_is_compared_as_it_says(shown, lines, same):
    assert alike(shown, lines) is same


def test_all_figures_of_a_certificate_are_left_to_rounding():
    assert alike(("x   15   1.2e-16",), ("x   16   3e-17",), ("certify",))
    assert not alike(("x   15   right",), ("x   15   WRONG",), ("certify",))


# --- what is only named ---


def test_other_commands_of_the_pages_exist():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for name, text in TEXTS.items():
        for command in re.findall(r"python3 run\.py (\w+)", text):
            assert command in run.COMMANDS, (name, command)
        for module in re.findall(r"python3? -m ([\w.]+)", text):
            assert find_spec(module), (name, module)
        for extra in re.findall(r"pip install '?backproof\[(\w+)\]", text):
            assert extra in extras, (name, extra)


def test_options_of_the_pages_exist():
    """Every `--option` in a sentence is one of a command of this project."""
    from reports.cli import command

    known = {"--help", "--version"} | set(MORE)
    for one in (command, *command.commands.values()):
        known |= {name for option in one.params for name in (*option.opts, *option.secondary_opts)}
    for name, text in TEXTS.items():
        prose = re.sub(r"^    .*$|^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        for option in re.findall(r"`(--[a-z][a-z-]+)", prose):
            assert option in known, f"{name} names {option}, which no command has"


MORE = ("--device",)  # of the benchmarks


def test_json_and_yaml_of_the_pages_can_be_read():
    for name, text in TEXTS.items():
        for file, content in parsed(text)[0].items():
            for part in content.splitlines() if file.endswith(".jsonl") else [content] * file.endswith(".json"):
                assert json.loads(part) is not None, (name, file)
        for line, code in blocks(text, "yaml"):
            assert re.search(r"^ +entry: derive check", code, re.MULTILINE), (name, line)


def test_shell_blocks_of_the_pages_are_shell(tmp_path):
    found = [code for text in TEXTS.values() for _, code in [*blocks(text, "sh"), *blocks(text, "bash")]]
    assert found
    for code in found:
        done = subprocess.run(["sh", "-n"], input=code, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


# --- the README and the developers' page ---


def test_the_first_screen_is_what_a_run_prints(tmp_path):
    shown = TEXTS["README.md"].split("\n\nand what somebody")[0].split("\n")
    assert shown[2] == "    $ python3 run.py derive --layers 2,3,1"
    done = python("-m", "reports.cli", "--layers", "2,3,1", "--pdf-engine", "typst", folder=tmp_path)
    lines = [line.rstrip() for line in done.stdout.rstrip().split("\n")]
    assert alike([line.removeprefix("    ") for line in shown[3:]], lines), done.stdout


def test_the_wrong_formula_of_the_first_screen_is_caught_as_it_says(tmp_path):
    shown = TEXTS["README.md"].split("derived by hand is checked:\n\n")[1].split("\n\nBackproof derives")[0]
    command, *lines = shown.split("\n")
    assert command.startswith("    $ python3 run.py derive check")
    done = python("-m", "reports.cli", *shlex.split(command)[4:], folder=tmp_path)
    assert done.returncode == 1
    printed = done.stdout.rstrip().split("\n")
    assert [line.removeprefix("    ").rstrip() for line in lines] == [line.rstrip() for line in printed]


def test_the_example_row_of_the_developers_page_works():
    row = TEXTS["developers.md"].split("activations.py`:")[1].split("The formula is written")[0].strip()
    program = f"""
from derive.tables.activations import ACTIVATIONS, Activation
row = {row}
ACTIVATIONS[row.name] = row
from derive import Derivation, Network
from verify import Point, examine
network = Network([2, 3, 1], ["hard-tanh", "linear"])
print(examine(Derivation(network), Point.random(network)).holds)
"""
    done = python("-c", program, folder=ROOT)
    assert done.stdout == "True\n", done.stderr
