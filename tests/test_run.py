"""The starter: whose environment it takes, whose paths, and that only one process makes the environment at a time."""

import os
import shutil
import subprocess
import sys

import pytest

import run
from tests.doc_examples import ROOT


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A folder with a project of its own, whose environment seems to be made."""

    def at(folder):
        folder.mkdir(exist_ok=True)
        (folder / "pyproject.toml").write_text("[project]\n")
        for name, place in (("ROOT", folder), ("VENV", folder / ".venv"), ("PYTHON", folder / ".venv/bin/python")):
            monkeypatch.setattr(run, name, place)
        return folder

    folder = at(tmp_path / "first")
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.write_text("")
    (run.VENV / "pyvenv.cfg").write_text(f"home = /usr/bin\ncommand = /usr/bin/python3 -m venv --clear {run.VENV}\n")
    run.stamp("").write_text(run.wanted())
    return folder, at


def test_an_environment_is_for_one_folder_one_python_and_one_list_of_packages(house, tmp_path, monkeypatch):
    folder, at = house
    assert run.ready("") and run.made_here() and not run.ready("test")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version", "4.0")
        assert not run.ready("")
    shutil.copytree(folder, tmp_path / "second")
    at(tmp_path / "second")
    assert not run.ready("") and not run.made_here()
    at(folder)
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert not run.ready("") and run.made_here()


def test_a_half_made_environment_does_not_work(house):
    assert not run.works(run.PYTHON) and not run.works(run.VENV / "nothing")


def test_while_one_process_makes_the_environment_another_waits(tmp_path):
    shutil.copy(ROOT / "run.py", tmp_path / "run.py")
    program = "import run\nwith run.alone():\n    print('in', flush=True)\n    input()\n"

    def started():
        return subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    with started() as first:
        assert first.stdout.readline() == "in\n"
        with started() as second:
            assert second.stderr.readline().startswith("waiting for another run.py that prepares ")
            first.kill()  # the lock ends with its process, however that ends
            assert second.stdout.readline() == "in\n"
            second.communicate("\n")
            assert second.returncode == 0
        first.communicate()


def test_paths_of_derive_and_docs_are_those_of_the_user(tmp_path, monkeypatch):
    """Also where the user's folder holds names of this project and of Python's library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # stands for the installed packages
    for name in ("docs", "reports", "json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('the module of the user')\n")
    assert run.run_docs(["--gallery", "none", "--output", "mine"]) == 0
    assert (tmp_path / "mine/index.html").is_file() and not (ROOT / "mine").exists()
    assert run.run_derive(["example", "descent", "--format", "md", "--output", "rain", "--quiet"]) == 0
    assert (tmp_path / "rain/example-descent.md").is_file()


def test_tests_and_benchmarks_run_beside_the_starter(monkeypatch):
    calls = []

    class Ended:
        def __init__(self, arguments, cwd, env):
            calls.append((arguments[1:3], cwd, env == dict(os.environ)))

        def wait(self):
            return 0

    monkeypatch.setattr(run.subprocess, "Popen", Ended)
    assert run.run_bench([]) == 0 == run.run_test(["tests/test_run.py"])
    assert calls == [(["-m", "benchmarks"], ROOT, True), (["-m", "pytest"], ROOT, True)]
