"""Any document as files in several formats at once, whole or not at all; the command writes them."""

from __future__ import annotations

import json

import pytest

from derive.network import SpecError
from reports import options
from reports.cli import command
from reports.files import OutputError
from reports.writing import FORMATS, write_report
from tests.demo_document import demo


def test_a_document_is_written_in_every_format(tmp_path):
    written = write_report(demo, tmp_path, FORMATS, "typst", name="report", record=lambda: {"a": 1})
    names = [
        "report.pdf",
        "report.tex",
        "report.html",
        "report.md",
        "report-figure-1.svg",
        "report.ipynb",
        "report.json",
    ]
    assert [path.name for path in written.paths] == names
    assert (written.engine, written.pages > 1) == ("typst", True)
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "report.json").read_text()) == {"a": 1}
    assert json.loads((tmp_path / "report.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


def test_a_document_that_no_format_needs_is_not_made(tmp_path):
    def never():
        raise AssertionError("nobody asked for it")

    assert [path.name for path in write_report(never, tmp_path, ["json"]).paths] == ["derivation.json"]
    written = write_report(demo, tmp_path, ["md"], record=never)
    assert [path.name for path in written.paths] == ["derivation.md", "derivation-figure-1.svg"]


def test_where_one_file_cannot_be_written_none_is(tmp_path):
    (tmp_path / "derivation.md").mkdir()
    with pytest.raises(OutputError, match=r"derivation\.md is a folder"):
        write_report(demo, tmp_path, ["html", "md", "ipynb"])
    assert [path.name for path in tmp_path.iterdir()] == ["derivation.md"]


def test_formats_are_read_from_the_command_line():
    assert options.formats("html, md,html,ipynb") == ("html", "md", "ipynb")
    with pytest.raises(SpecError, match="--format must be a list of pdf, tex, html, md, ipynb, json, not 'doc'"):
        options.formats("html,doc")


@pytest.mark.parametrize(
    "arguments", [["--layers", "2,2"], ["--given", "f = \\|X w - y\\|^2", "--shape", "X=n,d", "--wrt", "w"]]
)
def test_the_command_writes_pages_and_notebooks(arguments, tmp_path):
    options = ["--format", "html,md,ipynb", "--output", str(tmp_path), "--quiet"]
    assert command.main([*arguments, *options], prog_name="derive", standalone_mode=False) == 0
    found = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert {"derivation.html", "derivation.md", "derivation.ipynb"} <= set(found)
    assert "<math" in found["derivation.html"]
    assert "$$\n" in found["derivation.md"]
    code = [one for one in json.loads(found["derivation.ipynb"])["cells"] if one["cell_type"] == "code"]
    assert len(code) > 3
