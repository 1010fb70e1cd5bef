"""A document that cannot be read leaves no pages behind; the record of a pipeline says why."""

import json

import pytest

from reports.checking import documents
from reports.checking.options import Options

RIGHT = r"\[ \frac{d}{d x} x^2 = 2 x \]"


@pytest.mark.parametrize("name", ["pages.pdf", "pages.tex", "folder"])
def test_nothing_is_written_about_nothing(tmp_path, capsys, name):
    assert documents.run([tmp_path / "none.tex"], Options(output=tmp_path / name), "typst") == 2
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", f"derive: there is no file {tmp_path / 'none.tex'}\n")


def test_a_record_says_why(tmp_path):
    target = tmp_path / "pages.json"
    assert documents.run([tmp_path / "none.tex"], Options(output=target, quiet=True)) == 2
    (found,) = json.loads(target.read_text(encoding="utf-8"))["documents"]
    assert found == {"file": str(tmp_path / "none.tex"), "error": f"there is no file {tmp_path / 'none.tex'}"}


def test_pages_are_written_about_what_can_be_read(tmp_path):
    (tmp_path / "good.tex").write_text(RIGHT)
    target = tmp_path / "pages.tex"
    assert documents.run([tmp_path / "none.tex", tmp_path / "good.tex"], Options(output=target, quiet=True)) == 2
    assert "good.tex" in target.read_text(encoding="utf-8")
