"""The report on a document: samples with their verdicts, exit codes, a table, JSON, pages; and whatever comes."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from derive.emit.latex import latex
from reports.checking import documents
from reports.checking.document_boxes import Unprintable, lines
from reports.checking.document_pages import pages
from reports.checking.options import Options
from reports.pdf import pdf
from reports.tex import tex
from tests.test_check_document import answering
from verify.checking.answer import Diagnosis
from verify.document.limits import MOST_BYTES, MOST_EQUATIONS
from verify.document.run import examined
from verify.document.source import SourceError, decoded, scanned
from verify.latex import Unreadable, read

SAMPLES = Path(__file__).parent / "documents"


# --- the samples, by the checker itself -----------------------------------------------------------------------------

VERDICTS = {
    "layernorm.tex": ({"eq:beta": "correct", "eq:gamma": "correct", "eq:input": "incorrect"}, "sign", 1),
    "logistic.tex": ({"eq:slope": "correct"}, None, 0),
    "attention.tex": ({"eq:dv": "correct", "eq:dp": "correct", "wrong": "incorrect"}, "transpose", 1),
    "nielsen.tex": ({"BP1": "correct", "BP2": "incorrect", "BP3": "correct", "BP4": "correct"}, "transpose", 1),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_samples_get_their_verdicts_and_exit_codes(name, capsys):
    expected, mistake, code = VERDICTS[name]
    assert documents.run(SAMPLES / name, Options(as_json=True, seconds=30.0)) == code
    (found,) = json.loads(capsys.readouterr().out)["documents"]
    verdicts = {row["label"]: row["verdict"] for row in found["equations"] if row["kind"] == "claim" and row["label"]}
    assert verdicts == expected
    wrong = [row for row in found["equations"] if row["verdict"] == "incorrect"]
    assert found["verdicts"] == {"correct": found["claims"] - len(wrong), "incorrect": len(wrong),
                                 "undecided": 0, "unreadable": 0}  # fmt: skip
    assert [row["mistake"] for row in wrong] == ([mistake] if mistake else [])
    assert all(row["fix"] for row in wrong)


def test_a_changed_sign_is_found_and_the_right_one_passes(tmp_path, capsys):
    text = (SAMPLES / "layernorm.tex").read_text()
    mended = tmp_path / "mended.tex"
    mended.write_text(text.replace(r"+ \frac{\xhat_i}{n}", r"- \frac{\xhat_i}{n}"))
    assert documents.run([mended], Options(quiet=True, seconds=30.0)) == 0
    assert capsys.readouterr().out == ""


def test_a_hostile_document_is_only_reported(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert documents.run(SAMPLES / "hostile.tex", Options(quiet=True)) == 3
    assert list(tmp_path.iterdir()) == []
    shown = capsys.readouterr().out
    assert "root:" not in shown and "nothing" not in shown
    assert all(
        re.fullmatch(r".*hostile\.tex:\d+:\d+: (unreadable|undecided|not read): .+", line)
        for line in shown.splitlines()
    )
    assert len(shown.splitlines()) >= 12


# --- the report -----------------------------------------------------------------------------------------------------


def report(text, asker, tmp_path, **options):
    path = tmp_path / "paper.tex"
    path.write_text(text)
    return documents.checked(path, Options(**options), asker=asker)


CODES = [({}, 0), ({"2a": "incorrect"}, 1), ({"2a": "undecided"}, 3), ({"2a": "unreadable"}, 3)]
CODES += [({"2a": "undecided", "2b": "incorrect"}, 1)]


@pytest.mark.parametrize(("verdicts", "code"), CODES)
def test_exit_codes(verdicts, code, tmp_path):
    text = r"\[ a = b \] \[ 2a = b \] \[ 2b = a \]"
    assert report(text, answering(verdicts), tmp_path).code == code


def test_exit_codes_of_files(tmp_path, capsys):
    good, bad = tmp_path / "good.tex", tmp_path / "bad.tex"
    good.write_text(r"\[ a = b \] \[ 2 a = 2 b \]")
    bad.write_text(r"\[ a = b \] \[ 2 a = 3 b \]")
    quiet = Options(quiet=True)
    assert documents.run([good], quiet) == 0
    assert documents.run([tmp_path / "none.tex"], quiet) == 2
    assert documents.run([good, tmp_path], quiet) == 2
    assert documents.run([good, bad, tmp_path], quiet) == 1
    out, err = capsys.readouterr()
    assert re.match(rf"{re.escape(str(bad))}:1:\d+: incorrect: .+\n", out)
    assert "there is no file" in err and "is not a file" in err


def test_what_was_not_read_is_never_taken_for_correct(tmp_path):
    found = report("\\[ a = b \\]\n\\begin{verbatim} \\[ 2a = 3b \\]", answering(), tmp_path)
    assert (found.code, found.found.remarks[0].kind) == (3, "environment")
    many = "\n\n".join(r"\[ 2 a = b \]" for _ in range(MOST_EQUATIONS + 5))
    found = report(many, answering(), tmp_path)
    assert found.code == 3
    assert len(found.found.results) <= MOST_EQUATIONS + 1


def test_other_encodings_and_sizes(tmp_path):
    text, note = decoded("\\[ é = 1 \\]".encode("latin-1"))
    assert "é" in text and "Latin-1" in note
    assert decoded(b"\xef\xbb\xbfa\r\nb") == ("a\nb", "")
    with pytest.raises(SourceError, match="bytes"):
        decoded(b" " * (MOST_BYTES + 1))


def test_the_table_names_line_equation_verdict_and_diagnosis(tmp_path, capsys):
    documents.run(SAMPLES / "nielsen.tex", Options(width=100))
    shown = capsys.readouterr().out
    assert re.search(r"^ +15 +δ² = w³ δ³ ⊙ σ′\(z²\) +incorrect", shown, re.MULTILINE)
    assert re.search(r"nielsen\.tex:15:\d+ +\(BP2\) +incorrect", shown)
    assert "\x1b" not in shown
    assert all(len(line) <= 100 for line in shown.splitlines() if "(" not in line[:30])


def test_json_is_one_object_without_holes(tmp_path):
    found = report(r"\[ a = b \] \[ 2a = 2b \]", answering(), tmp_path)
    record = json.loads(json.dumps(found.record(), allow_nan=False))
    assert [row["kind"] for row in record["equations"]] == ["definition", "claim"]
    assert record["equations"][1]["definitions"] == [1]


def sample(tmp_path, text=None):
    text = text or (SAMPLES / "attention.tex").read_text()
    wrong = Diagnosis("transpose", (30, 33), "P is transposed", r"\frac{\partial L}{\partial V} = P^T G")
    found = report(text, answering({"= P G": "incorrect"}, diagnosis=(wrong,)), tmp_path)
    return pages([(found.file, found.found)])


def test_the_pages_have_a_tick_and_a_cross_for_each_verdict(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(sample(tmp_path), "typst").content)
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert text.count("✓") == 1 + 3
    assert "line 20" in text and "transpose" in text and "mended" in text


HOSTILE = [
    r"\text{\write18{x}}", r"\text{#panic()}", r"\operatorname{a_b}", "日本", r"\foo{$}", r"\text{a}_{\end{document}}",
    r"\text{$\input{/etc/passwd}$}", r"\end{verbatim}", r"\text{\end{verbatim}}", "\x07",
]  # fmt: skip


def test_nothing_that_was_typed_reaches_a_typesetter_as_a_command(tmp_path):
    text = "\n\n".join(f"\\[ x_{{{n}}} = {one} \\]" for n, one in enumerate(HOSTILE))
    document = sample(tmp_path, text + "\n% derive: #panic() \\end{document}")
    source = tex(document)
    outside = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", source, flags=re.DOTALL)
    assert r"\write18" not in outside and r"\input{/etc" not in outside
    assert outside.count(r"\end{document}") == 1
    assert pdf(document, "typst").content.startswith(b"%PDF")


PRINTED = r"""
\frac{\partial L}{\partial x_i} = \frac{1}{s} \left( \gamma_i g_i - \frac{1}{n} \sum_{j=1}^{n} \gamma_j g_j \right)
\delta^2 = (w^3)^T \delta^3 \odot \sigma'(z^2)
a = b = c
y = x^{-1} + e^{-x} - 2 \cdot 3
f'(x) = f(x) (1 - f(x))^2
L = -\left[ y \log p + (1 - y) \log(1 - p) \right]
a / b = c / (d e)
\nabla_w f = 2 X^\top (X w - y)
n = \lVert x \rVert_2^2 + |y|
\hat{y} = \bar{x}
s = \sqrt{v + \epsilon}
p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}
{}^{2}x^{1} = {}^{1}z_{1}
r = \max(0, z)
t = \operatorname{tr}(A^T X)
f = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}
\frac{d}{dx} f = 1
A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}
\frac{\partial^2 f}{\partial x^2} = -1
W_{\text{in}} = 1
m = \max_i x_i
dW = d z x^T
\boldsymbol{\delta}^{(1)} = \boldsymbol{W}
a - (b - c) = (a - b) - c
""".strip().split("\n")


@pytest.mark.parametrize("formula", PRINTED)
def test_what_is_printed_reads_as_what_was_typed(formula):
    printed = " ".join(latex(box) for line in lines(formula) for box in (line.lhs, line.relation, line.rhs) if box)
    assert [one.body for one in read(printed).statements] == [one.body for one in read(formula).statements]


@pytest.mark.parametrize(
    "formula", [r"a = \langle b, c \rangle", r"\sqrt[3]{x} = 1", r"a = \mathtt{b}", r"a \propto b"]
)
def test_what_no_box_shows_is_refused(formula):
    with pytest.raises(Unprintable):
        lines(formula)


# --- whatever comes -------------------------------------------------------------------------------------------------

SCRAPS = r"""
\begin{align} \end{align} \begin{aligned} \end{aligned} \begin{verbatim} \end{verbatim} $ $$ \[ \] \( \) { } & \\ = x _
^ % \def\x \newcommand{\y}[1]{ #1 } \x \y \left( \right) \label{a} \frac \in \mathbb{R} \iffalse \fi \input{a} \text{
\let ,
"""
MORE = ["\n", "\n\n", "% derive: skip\n", "% derive: network\n", "\x00", "é", "= 1", "a + b"]
NOISE = st.lists(st.sampled_from([*SCRAPS.split(), *MORE]), max_size=60)


@given(NOISE)
@settings(max_examples=300, deadline=None)
def test_noise_never_breaks_anything(pieces):
    text = " ".join(pieces)
    found = examined(scanned(text), answering())
    count = text.count("\n") + 1
    for one in found.results:
        assert 1 <= one.start.line <= count and 1 <= one.point.line <= one.point.end_line <= count
        assert one.latex in text
        assert one.verdict != "unreadable" or one.message
    assert documents.problems("x.tex", found) is not None
    pages([("x.tex", found)])


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_bytes_never_break_anything(content):
    text, note = decoded(content)
    assert scanned(text, note).text == text


LARGE = {
    "dollars": "$x" * 200_000, "open": r"\[" * 100_000, "begins": r"\begin{align}" * 20_000, "braces": "${" * 300_000,
    "definitions": r"\newcommand{\a}{" * 50_000, "environments": r"\newenvironment{a}{" * 40_000,
    "comments": "% derive: skp\n" * 60_000, "sum": r"\[ x = " + "a + " * 200_000 + r"b \]",
    "nested": r"\[ " + "(" * 9_000 + r" \]",
    "equations": "\n\n".join(rf"\[ x_{{{n}}} = a \]" for n in range(10_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_documents_come_to_an_end(name):
    found = examined(scanned(LARGE[name]), answering())
    assert len(found.results) <= MOST_EQUATIONS + 1
    assert found.remarks or any(one.verdict == "unreadable" for one in found.results) or not found.results


def test_unreadable_formulas_are_refused_by_the_printer_too():
    with pytest.raises(Unreadable):
        read(r"a = \foo")
    with pytest.raises(Unprintable):
        lines(r"a = \foo")
