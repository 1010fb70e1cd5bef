"""PDF in other languages: set by Typst with a font of the machine, refused in a sentence without one, and by LaTeX."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from reports.cli import command, main
from reports.document import Document, Paragraph, Section, inline
from reports.pdf import CHOICES, EngineError, pdf
from reports.tex import tex
from reports.typst import fonts, typst
from reports.typst.fonts import NoFont, font_for
from reports.typst.preamble import preamble
from reports.wording.language import LANGUAGES, NATIVE, language, speaking

OTHERS = [code for code in LANGUAGES if code != NATIVE]


def document(code: str) -> Document:
    with speaking(code):
        return Document("反向传播", (Section(inline("网络"), (Paragraph(inline("误差信号 δ。")),)),))


@pytest.mark.parametrize("code", OTHERS)
def test_typst_sets_another_language_or_says_which_font_it_needs(code):
    row = language(code)
    if any(one in fonts.installed() for one in row.fonts):
        first, second = (pdf(document(code)) for _ in range(2))
        assert first.engine == "typst"
        assert first.content.startswith(b"%PDF")
        assert first.content == second.content
    else:
        with pytest.raises(EngineError, match=re.escape(row.font_package)):
            pdf(document(code))


@pytest.mark.parametrize("code", OTHERS)
def test_without_a_font_one_is_named(code, monkeypatch):
    monkeypatch.setattr(fonts, "installed", lambda: {"Liberation Serif": ("/fonts",)})
    row = language(code)
    with pytest.raises(NoFont, match=f"^no font on this machine has the letters of {row.name}; install one such as "):
        font_for(row)
    with pytest.raises(EngineError, match=r"or take --format html$"):
        pdf(document(code), "typst")


@pytest.mark.parametrize("code", OTHERS)
def test_the_first_font_that_is_there_is_taken(code, monkeypatch):
    families = language(code).fonts
    monkeypatch.setattr(fonts, "installed", lambda: {families[-1]: ("/last",), families[1]: ("/a", "/b")})
    found = font_for(language(code))
    assert (found.family, found.folders) == (families[1], ("/a", "/b"))
    assert f'"{families[1]}"' in typst(document(code), families[1])


@pytest.mark.parametrize("engine", [one for one in CHOICES if one not in ("auto", "typst")])
def test_latex_is_refused_by_name_for_another_language(engine):
    with pytest.raises(EngineError, match="LaTeX does not set 中文 here; take --pdf-engine typst"):
        pdf(document("zh"), engine)


def test_a_source_in_latex_is_refused_for_another_language():
    with pytest.raises(ValueError, match="LaTeX does not set 中文 here; leave tex out of --format"):
        tex(document("zh"))
    assert "\\begin{document}" in tex(document("en"))


def test_english_needs_no_font_and_its_preamble_is_as_ever():
    assert font_for(language("en")) == fonts.Found()
    source = preamble('"x"', ())
    assert '#set text(font: "New Computer Modern", size: 10.95pt, lang: "en", region: "gb")' in source
    assert 'style: "italic", description' in source
    assert "latin-in-cjk" not in source
    other = preamble('"x"', (), "zh", "SimSun")
    assert 'lang: "zh"' in other
    assert '#let table-word = "表"' in other
    assert 'lang: "en"' not in other
    assert other.count('"SimSun"') == 3


# --- the option -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [[], ["train"], ["hessian"]])
def test_every_command_that_reports_has_the_option(before):
    shown = CliRunner().invoke(command, [*before, "--help"], standalone_mode=True).output
    assert "--language [en|zh]" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["--layers", "2,2,1"],
        ["--given", r"f = \lVert X w - y \rVert^2"],
        ["hessian", "--layers", "2,1"],
        ["example", "chain"],
    ],
)
def test_a_report_is_written_in_the_language_that_is_named(arguments, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--language", "zh", "--format", "html,md,ipynb", "--output", str(tmp_path)])
    assert ended.value.code == 0
    assert capsys.readouterr().err == ""
    (page,) = tmp_path.glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert '<html lang="zh">' in text
    assert "目录" in text
    assert all(re.search("[\u4e00-\u9fff]{4}", file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()
               if file.suffix in (".md", ".ipynb"))  # fmt: skip


def test_by_default_another_language_is_written_as_what_can_hold_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fonts, "installed", dict)
    with pytest.raises(SystemExit) as ended:
        main(["--layers", "1,1", "--language", "zh", "--output", str(tmp_path)])
    assert ended.value.code == 2
    assert "install one such as Noto Serif CJK SC" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--language", "fr"], "'fr' is not one of 'en', 'zh'"),
        (["--language", "zh", "--format", "tex"], "LaTeX does not set 中文 here"),
        (["--language", "zh", "--format", "pdf", "--pdf-engine", "tex"], "LaTeX does not set 中文 here"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(arguments, why, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--layers", "1,1", *arguments, "--output", str(tmp_path)])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert why in said
    assert list(tmp_path.iterdir()) == []


def test_the_option_may_stand_in_front_of_train(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--language", "zh", "train", "--layers", "64,10", "--data", "digits", "--epochs", "1", "--quiet",
              "--format", "html", "--output", str(tmp_path)])  # fmt: skip
    assert ended.value.code == 0
    assert '<html lang="zh">' in (tmp_path / "training.html").read_text(encoding="utf-8")
