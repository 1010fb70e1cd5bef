"""What the command makes of its arguments: widths in other spellings, one file as `--output`, PDF engines."""

import json

import pytest

from reports.arguments import ENGINES, joined, widths
from reports.cli import main
from reports.files import KINDS, OutputError, kind_of
from reports.pdf import CHOICES, EngineError
from reports.writing import FORMATS, printed, write_report
from tests.demo_document import demo


def derive(capsys, *arguments):
    """(exit code, standard output, standard error) of the command, in this process."""
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    out, err = capsys.readouterr()
    return stop.value.code or 0, out, err


def test_the_light_tables_are_the_heavy_ones():
    assert ENGINES == CHOICES
    assert KINDS == FORMATS


# --- widths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2,3,1", "2x3x1", "2 x 3 x 1", "2-3-1", "2×3×1", "2 3 1", "[2, 3, 1]", "(2,3,1)", "2;3;1", "2->3->1", "2→3→1"],
)
def test_spellings_of_widths(text):
    assert widths(text) == "2,3,1"


@pytest.mark.parametrize(
    "text", ["2", "2,x", "2.3.1", "2-3x1", "2,,1", "b,3,1", "-2,3", "n_0,n_1", "2,3,", "2-", "", "b"]
)
def test_what_is_no_clear_list_stays_as_it_is(text):
    assert widths(text) == text


def test_layers_with_only_a_bias_are_read_in_every_spelling():
    assert widths("784xbx10") == "784,b,10"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["--layers", "2", "3", "1", "--quiet"], ["--layers", "2,3,1", "--quiet"]),
        (["--layers", "2,", "3,", "1"], ["--layers", "2,3,1"]),
        (["--layers", "2,3,1", "4"], ["--layers", "2,3,1", "4"]),
        (["--layers", "2,3", "check", "5"], ["--layers", "2,3", "check", "5"]),
        (["--seed", "2", "3", "1"], ["--seed", "2", "3", "1"]),
        (["--layers"], ["--layers"]),
        (["--", "--layers", "2", "3"], ["--", "--layers", "2", "3"]),
    ],
)
def test_widths_in_several_arguments(typed, meant):
    assert joined(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [["2,3,1"], ["2x3x1"], ["2", "3", "1"], ["--seed", "0", "2-3-1"], ["--layers", "2", "3", "1"], ["--layers=2-3-1"]],
)
def test_the_command_takes_them_all(typed, capsys, tmp_path):
    code, out, err = derive(capsys, *typed, "--output", str(tmp_path / "a.json"))
    assert (code, err) == (0, "")
    assert out.startswith("2-3-1 · sigmoid")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["2,x,1"], "'2,x,1' is neither a command nor widths such as 2,3,1"),
        (["chek", "a = b"], "No such command 'chek'"),
        (["--layers", "2,x"], "entry 2 of --layers must be a whole number of neurons"),
        (["check", "--leyers", "2,3", "a = b"], "there is no option '--leyers'; did you mean '--layers'?"),
        (["check", "--pdf-engine", "word", "a = b"], "unknown PDF engine 'word'"),
        (["hessian", "--layers", "2,1", "--pdf-engine", "word", "--format", "json"], "unknown PDF engine 'word'"),
        (["--output", "a.pdf", "--format", "html", "2,1"], "names one file, of the format pdf"),
        (["2,1", "--exercises", "--output", "lesson.pdf"], "--exercises writes several files"),
        (["check", "a.tex", "--output", "a.html"], "pages about a document are pdf, tex or json, not html"),
        (["--bias", "none", "example", "rent"], "--bias in front of example means nothing to it"),
    ],
)
def test_wrong_use(typed, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = derive(capsys, *typed)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert list(tmp_path.iterdir()) == []


# --- one file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "pdf"),
        ("a.JSON", "json"),
        ("x/y.tex", "tex"),
        ("a.b.md", "md"),
        ("a", None),
        (".pdf", None),
        ("a.txt", None),
    ],
)
def test_which_paths_name_a_file(name, kind, tmp_path):
    assert kind_of(tmp_path / name) == kind


def test_a_folder_of_such_a_name_stays_one(tmp_path, capsys):
    folder = tmp_path / "notes.json"
    folder.mkdir()
    assert kind_of(folder) is None
    code, _, _ = derive(capsys, "2,1", "--output", str(folder), "--format", "json", "--quiet")
    assert code == 0
    assert [one.name for one in folder.iterdir()] == ["derivation.json"]


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_as_one_file(kind, tmp_path):
    written = write_report(demo, tmp_path / "new" / f"notes.{kind}", [kind], "typst", record=lambda: {"a": 1})
    assert written.paths[0] == tmp_path / "new" / f"notes.{kind}"
    assert all(one.name.startswith("notes") for one in (tmp_path / "new").iterdir())
    assert written.paths[0].stat().st_size > 0


def test_the_letters_of_the_ending_are_kept(tmp_path):
    assert write_report(demo, tmp_path / "N.TEX", ["tex"]).paths == (tmp_path / "N.TEX",)


def test_one_file_has_one_format(tmp_path):
    with pytest.raises(OutputError, match="names one file, of the format pdf; pdf, tex need a folder"):
        write_report(demo, tmp_path / "a.pdf", ["pdf", "tex"])
    with pytest.raises(EngineError, match="unknown PDF engine 'word'"):
        printed(demo, ["tex"], "word")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--layers", "2,1"],
        ["-g", "f = x^2"],
        ["hessian", "-g", "f = x^2"],
        ["--output", "PATH", "hessian", "-g", "f = x^2"],
        ["--layers", "2,1", "--format", " json"],
        ["--layers", "2,1", "--language", "zh"],
    ],
)
def test_every_command_writes_the_file(arguments, capsys, tmp_path):
    path = tmp_path / "out" / "notes.json"
    typed = [str(path) if one == "PATH" else one for one in arguments]
    code, _, err = derive(capsys, *typed, *([] if "PATH" in arguments else ["--output", str(path)]), "--quiet")
    assert (code, err) == (0, "")
    assert [one.name for one in path.parent.iterdir()] == ["notes.json"]
    assert json.loads(path.read_text())
