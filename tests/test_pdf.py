"""PDFs: both engines set the same document with the same numbers, reproducibly, and failures are one sentence."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from derive.formula import Writer
from derive.layout import Glyph, Grid, Scripts
from derive.network import Network
from reports.document import (
    Boxed,
    Bullets,
    Column,
    Document,
    Equation,
    Figure,
    Line,
    Listing,
    Math,
    PageBreak,
    Paragraph,
    Section,
    Table,
    Together,
    inline,
    prose,
)
from reports.figures.drawing import Drawing
from reports.figures.drawing import Line as Stroke
from reports.figures.network import network_figure
from reports.files import OutputError, write_files
from reports.pdf import ENGINES, Engine, EngineError, pdf, run, working_tex, works
from reports.tex import tex
from tests.demo_document import SIGMA, demo, drawing, long_sum

INSTALLED = [name for name in ("pdflatex", "lualatex", "xelatex") if shutil.which(name)]
needs_pdflatex = pytest.mark.skipif("pdflatex" not in INSTALLED, reason="no TeX: apt-get install texlive-latex-base")


def networks() -> Document:
    chosen = [Network([2, 3, 1]), Network([5, 4, 4, 3], "softmax"), Network([784, 10])]
    figures = [Figure(network_figure(one, Writer(one, "nielsen")), prose("A network"), "A network") for one in chosen]
    return Document("Figures — ∂ & %", (Section(inline("Networks"), tuple(figures)),))


def framed() -> Document:
    """Every block inside frames, and frames that are higher than a page."""
    sum_of_many = Equation((Line(SIGMA, long_sum(60)),), reason=prose("a reason"))
    table = Table((Column(inline("x")), Column(inline("y"), wrap=True)), ((inline("1"), inline("word " * 30)),))
    figure = Figure(drawing(), prose("A sketch"), "A sketch")
    short = tuple(Equation((Line(SIGMA, SIGMA),), name=f"BP{n}") for n in range(30))
    inside = (Paragraph(inline("Words")), table, figure, Listing("x = 1"), Bullets((inline("a point"),)))
    together = Together((Paragraph(inline("Words")), Together(inside), short[0]))
    many = Equation(tuple(Line(SIGMA, SIGMA) for _ in range(70)), reason=prose("one of seventy"))
    blocks = (Boxed(inline("Small"), inside), Boxed(inline("Long"), (sum_of_many,)), Boxed(inline("High"), short),
              together, many, PageBreak(), PageBreak(0.5), Paragraph(inline("The end")))  # fmt: skip
    return Document("Frames", (Section(inline("Frames"), blocks),))


def words(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


@pytest.mark.parametrize("engine", ["typst", *INSTALLED])
def test_an_engine_sets_every_block_and_prints_what_references_name(engine):
    document = demo()
    made = pdf(document, engine)
    text = words(made.content)
    assert made.engine == engine
    assert len(PdfReader(io.BytesIO(made.content)).pages) >= 4
    for said in ("From layer 3 back to layer 2", "BP2", "BP3", "Table 3. Inside", "Figure 1.", "nothing to break at"):
        assert said in text
    assert f"another, by {document.marks['huge']}" in text
    assert f"See {document.marks['symbols']} and {document.marks['back']}." in text
    assert "??" not in text


@pytest.mark.parametrize("engine", ["typst", *INSTALLED])
def test_the_same_document_gives_the_same_bytes(engine):
    assert pdf(networks(), engine).content == pdf(networks(), engine).content


@pytest.mark.parametrize("engine", ["typst", *INSTALLED])
def test_blocks_stand_inside_frames_and_frames_run_over_pages(engine):
    said_on = pages(pdf(framed(), engine).content)
    text = " ".join(said_on)
    assert [
        said for said in ("Small", "Long", "High", "BP0", "BP29", "one of seventy", "(32)") if said not in text
    ] == []
    assert "The end" in said_on[-1]
    assert "one of seventy" not in said_on[-1]


@needs_pdflatex
@pytest.mark.parametrize("document", [demo(), networks(), framed()], ids=["blocks", "figures", "frames"])
def test_no_line_is_overfull_and_no_font_is_a_bitmap(document, tmp_path):
    log, content = logged(tex(document), tmp_path)
    wide = [float(found) for found in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert [found for found in wide if found > 1] == []
    assert "Missing character" not in log
    assert b"/Type3" not in content.replace(b" ", b"")
    assert not re.findall(r"undefined|multiply defined", log)


def logged(source: str, folder: Path) -> tuple[str, bytes]:
    """A TeX run whose log stays, outside of the code that is tested."""
    (folder / "x.tex").write_text(source)
    command = "pdflatex -interaction=nonstopmode -halt-on-error x.tex > /dev/null"
    for _ in range(3):
        assert os.system(f"cd '{folder}' && MKTEXPK=0 max_print_line=1000 {command}") == 0
    return (folder / "x.log").read_text(errors="replace"), (folder / "x.pdf").read_bytes()


@needs_pdflatex
def test_a_line_that_is_too_long_would_be_seen(tmp_path):
    long = Document("t", (Section(inline("s"), (Paragraph(inline("x" * 200)),)),))
    log, _ = logged(tex(long), tmp_path)
    assert "Overfull" in log


def rows(count: int) -> Document:
    """One paragraph of one line after the other."""
    return Document("Rows", (Section(inline("Rows"), tuple(Paragraph(inline(f"Row {n}")) for n in range(count))),))


def test_a_last_page_does_not_hold_a_line_or_two():
    """Typst sets everything closer where that saves the last page; once it held whatever was left."""
    made = [pages(pdf(rows(count), "typst").content) for count in range(31, 40)]
    assert {len(found) for found in made} == {1, 2}
    assert [found[1] for found in made if len(found) == 2 and len(re.findall("Row", found[1])) < 3] == []


@needs_pdflatex
@pytest.mark.parametrize("count", [31, 33])
def test_a_last_page_of_tex_does_not_hold_a_line_or_two(count):
    assert len(re.findall("Row", pages(pdf(rows(count), "pdflatex").content)[-1])) > 3


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("engine", ["typst", *INSTALLED[:1]])
def test_a_file_says_its_title_its_language_and_its_sections(engine):
    reader = PdfReader(io.BytesIO(pdf(networks(), engine).content))
    assert reader.metadata is not None
    assert "Figures" in reader.metadata.title
    assert reader.root_object["/Lang"].startswith("en")
    assert [entry.title for entry in reader.outline] == ["1 Networks"]


def awkward() -> Document:
    """What LaTeX once could not set: wide matrices and tables, and nothing but formulas, one with a long reason."""
    wide = Grid((tuple(Glyph(str(n), "number") for n in range(14)),))
    reason = Equation((Line(SIGMA, long_sum(9)),), reason=prose("a reason that stands below"))
    cells = inline(Math(Scripts(Glyph("W"), sub=Glyph("12", "number"), sup=Glyph("3", "number"))))
    table = Table((Column(inline("x")),) * 13, ((cells,) * 13,) * 3)
    figure = Figure(Drawing(200, 30, (Stroke(((0, 0), (200, 30))),)), prose("A wide sketch"), "A wide sketch")
    blocks = (Equation((Line(SIGMA, wide),)), table, figure, reason, *[Equation((Line(SIGMA, SIGMA),))] * 60)
    return Document("Awkward", (Section(inline("Awkward"), blocks),))


@needs_pdflatex
def test_wide_matrices_tables_figures_and_rows_of_formulas_fit(tmp_path):
    log, content = logged(tex(awkward()), tmp_path)
    assert re.findall(r"Overfull \\[hv]box \([1-9][\d.]*pt", log) == []
    assert all("(" in page for page in pages(content))


def test_auto_takes_a_tex_that_works_or_typst(monkeypatch):
    working = working_tex()
    assert pdf(networks(), "auto").engine == (working.name if working else "typst")
    monkeypatch.setattr("reports.pdf.working_tex", lambda: None)
    assert pdf(networks(), "auto").engine == "typst"
    with pytest.raises(EngineError, match="no TeX works"):
        pdf(networks(), "tex")


def test_an_engine_that_fails_after_the_probe_gives_way_to_typst(monkeypatch, tmp_path):
    broken = program(tmp_path, "echo '! Undefined control sequence.'; exit 1", monkeypatch)
    monkeypatch.setattr("reports.pdf.working_tex", lambda: broken)
    made = pdf(networks(), "auto")
    assert made.engine == "typst"
    assert made.note == "brokentex failed: Undefined control sequence."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("exit 3", "it said nothing"),
        ("echo 'error: no such thing'; exit 1", "no such thing"),
        ("exit 0", "ended without a PDF"),
        ("sleep 60", "stopped after 0.3 seconds"),
    ],
)
def test_a_program_that_is_installed_but_does_not_work_is_found_out(body, said, monkeypatch, tmp_path):
    engine = program(tmp_path, body, monkeypatch)
    monkeypatch.setattr("reports.pdf.PROBE_SECONDS", 0.3)
    with pytest.raises(EngineError, match=said):
        run(engine, "x", 0.3)
    assert not works(engine)


def program(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A program named brokentex on the path."""
    path = folder / "brokentex"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return Engine("brokentex", ())


def test_an_interrupted_engine_is_killed_with_its_children(monkeypatch, tmp_path):
    started = tmp_path / "pid"
    engine = program(tmp_path, f"sleep 60 & echo $! > '{started}'; wait", monkeypatch)
    with pytest.raises(EngineError, match="stopped"):
        run(engine, "x", 1.0)
    child = int(started.read_text())
    assert gone(child)


def gone(process: int) -> bool:
    """Whether a process has ended; a killed one may still wait to be collected."""
    for _ in range(50):
        status = Path(f"/proc/{process}/status")
        if not status.exists() or "State:\tZ" in status.read_text():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("name", [name for name in ENGINES if not shutil.which(name)])
def test_a_demanded_engine_that_is_missing_is_named(name):
    with pytest.raises(EngineError, match=f"^the PDF engine {name} is not installed$"):
        pdf(networks(), name)


def test_an_unknown_engine_is_refused_with_the_known_ones():
    with pytest.raises(EngineError, match=r"unknown PDF engine 'word' \(known: auto, tex, typst, pdflatex"):
        pdf(networks(), "word")


def test_no_temporary_folder_stays(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in INSTALLED[:1]:
        pdf(networks(), name)
    assert list(tmp_path.iterdir()) == []


# Files


def test_files_are_written_and_replaced(tmp_path):
    folder = tmp_path / "new" / "deeper"
    assert write_files(folder, {"a.tex": b"one", "b.pdf": b"two"}) == [folder / "a.tex", folder / "b.pdf"]
    write_files(folder, {"a.tex": b"three"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.tex": b"three", "b.pdf": b"two"}


def test_files_get_the_permissions_of_new_files_and_keep_those_they_had(tmp_path):
    mask = os.umask(0o027)
    try:
        (path,) = write_files(tmp_path, {"a": b"x"})
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o600)
    write_files(tmp_path, {"a": b"y"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_one_file_cannot_be_written_none_is(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").mkdir()
    with pytest.raises(OutputError, match=r"^cannot write to .*: .*b is a folder$"):
        write_files(tmp_path, {"a": b"new", "b": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_an_interruption_leaves_the_old_files_and_no_half_ones(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")

    def interrupt(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, {"a": b"new"})
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


@pytest.mark.parametrize("folder", ["file", "file/below"])
def test_a_file_where_a_folder_should_be_is_an_output_error(folder, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"^cannot write to "):
        write_files(tmp_path / folder, {"a": b""})


def test_a_link_leads_to_its_file_and_a_pipe_is_left_alone(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real.json").write_text("old")
    (tmp_path / "l.json").symlink_to(tmp_path / "far" / "real.json")
    write_files(tmp_path, {"l.json": b"new"})
    assert (tmp_path / "l.json").is_symlink()
    assert (tmp_path / "far" / "real.json").read_bytes() == b"new"
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(OutputError, match="no regular file"):
        write_files(tmp_path, {"pipe.json": b"new"})
    assert (tmp_path / "pipe.json").is_fifo()
    with pytest.raises(OutputError, match="too long"):
        write_files(tmp_path, {"x" * 300 + ".json": b"new"})
    assert sorted(one.name for one in tmp_path.iterdir()) == ["far", "l.json", "pipe.json"]
