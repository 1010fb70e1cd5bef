"""Every example of the documentation runs, and the first screen of the README shows what a run prints."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    pytest.param(code, id=f"{page.name}-{number}")
    for page in PAGES
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
]
COMMANDS = [
    pytest.param(line.strip().split()[1:], id=line.strip())
    for line in dict.fromkeys(
        re.findall(r"^    derive --.*$", "\n".join(page.read_text() for page in PAGES), re.MULTILINE)
    )
]


def python(*arguments, folder):
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True,
                          env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})  # fmt: skip


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_run_and_print_what_they_say(code, tmp_path):
    done = python("-c", code, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for said in re.findall(r"print\(.*\) +# ([^:\n]*)", code):
        assert said.strip() in done.stdout


@pytest.mark.parametrize("arguments", COMMANDS)
def test_commands_run(arguments, tmp_path):
    (tmp_path / "values.json").write_text('{"x": [1.0, 2.0]}')
    done = python("-m", "reports.cli", *arguments, folder=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_first_screen_is_what_a_run_prints(tmp_path):
    shown = (ROOT / "README.md").read_text().split("\n\nand what somebody")[0].split("\n")
    assert shown[2] == "    $ python3 run.py derive --layers 2,3,1"
    done = python("-m", "reports.cli", "--layers", "2,3,1", "--pdf-engine", "typst", folder=tmp_path)
    assert [line.removeprefix("    ") for line in shown[3:]] == done.stdout.rstrip().split("\n")


def test_the_wrong_formula_of_the_first_screen_is_caught_as_it_says(tmp_path):
    shown = (
        (ROOT / "README.md").read_text().split("derived by hand is checked:\n\n")[1].split("\n\nBackproof derives")[0]
    )
    command, *lines = shown.split("\n")
    assert command.startswith("    $ python3 run.py derive check")
    done = python("-m", "reports.cli", *shlex.split(command)[4:], folder=tmp_path)
    assert done.returncode == 1
    printed = done.stdout.rstrip().split("\n")
    assert [line.removeprefix("    ").rstrip() for line in lines] == [line.rstrip() for line in printed]


def test_the_definitions_of_the_readme_give_what_it_says(tmp_path):
    command, shown = re.search(
        r"^    \$ derive (-g .*)\n    +(.*)$", (ROOT / "README.md").read_text(), re.MULTILINE
    ).groups()
    done = python("-m", "reports.cli", *shlex.split(command), "--format", "tex", folder=tmp_path)
    assert done.returncode == 0
    assert shown in done.stdout


def test_the_example_row_of_the_developers_page_works():
    page = (ROOT / "docs" / "developers.md").read_text()
    program = f"""
from derive.tables.activations import ACTIVATIONS, Activation
row = {page.split("activations.py`:")[1].split("The formula is written")[0].strip()}
ACTIVATIONS[row.name] = row
from derive import Derivation, Network
from verify import Point, examine
network = Network([2, 3, 1], ["hard-tanh", "linear"])
print(examine(Derivation(network), Point.random(network)).holds)
"""
    done = python("-c", program, folder=ROOT)
    assert done.stdout == "True\n", done.stderr
