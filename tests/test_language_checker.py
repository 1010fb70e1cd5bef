"""Every sentence that the checker can say has its translation, found by its form: a text is collected from the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.checking.document_table import table
from reports.checking.options import Options
from reports.checking.terminal import shown
from reports.wording.language import LANGUAGES, NATIVE, language, speaking, told
from reports.wording.wrapping import columns, wrapped
from verify.checking.answer import KINDS
from verify.checking.check import answer
from verify.checking.question import Question
from verify.document.run import examined
from verify.document.source import scanned

OTHERS = [code for code in LANGUAGES if code != NATIVE]
ROOMS = ("latex", "meaning", "checking", "diagnosis", "document", "graph", "batch/guard.py", "batch/faults.py",
         "oracles/table.py", "oracles/certificate.py")  # fmt: skip
UNSAID = {
    "checking/question.py": "what a record must be is an error of the command line, which stays English",
    "latex/tables.py": "names of commands; its reasons are taken from the table itself",
    "graph/signature.py": "why a field decides nothing is not said",
    "graph/sizes.py": "why a field decides nothing is not said",
    "diagnosis/assumptions.py": "formulas",
    "graph/opaques.py": "formulas",
    "document/statements.py": "formulas",
    "latex/unread.py": "formulas",
    "document/losses.py": "formulas, and comments to be copied",
    "document/prose.py": "words that are looked for",
    "checking/answer.py": "what a notebook shows, with Markdown around it",
    "latex/characters.py": "names of characters are those of Unicode",
    "checking/evidence.py": "the names of marks, which nothing prints",
}
"""Files whose strings nobody reads in another language, and why."""
NEVER = {
    "{} factors need {} signs, not {}", "signs that bind tightly and loosely in one product: {}", "{} (at {}–{})",
    "no rule prints a {}: {}", "{} characters with {} and {} places", "the node belongs to another graph", "a = a",
    "the end of the group ({})", "brackets nested more than {} deep",
    " {} {}", "{} {} {} {}", "{}({}) = {}", "{} = {}", " · {}", "entry by entry",
    "; {} times so far", r"\d+×\d+ and \d+×\d+ do not fit", "out of memory",
    "the checker gave {}, no answer", "checker: {} ({} times so far)\n", "it does not end",
}  # fmt: skip
"""What only a programmer would see, and what is no sentence."""
FORMS = {
    "{} {} not fit in {}": ("2×3 and 3×4 do not fit in a matrix product", "2×3 does not fit in an inner product"),
    "this needs {} {}": ("this needs 1 index", "this needs 2 indices"),
    "the notation is not clear: ": ("the notation is not clear", "the notation is not clear: nielsen: correct"),
    "layer {} does not exist: {}": ("layer 9 does not exist: weights have the layers 2 to 4",),
    "{} have the layers {} to {}": ("activations have the layers 1 to 4", "weights have the layers 2 to 4"),
    " ({} entries are wrong)": ("entry 1 is 2, the true value is 3 (7 entries are wrong)",),
    "{}: {} instead of {}": ("the indices stand in the wrong order: $a$ instead of $b$",
                               "the index $i$ must be $j$: $a_j$ instead of $a_i$"),
    "more than {} {}": ("more than 40 signs in a row", "more than 40 slashes in one product",
                        "more than 40 bars in a row", "more than 40 upper scripts on one base"),
    "too many {}: the rest is not read": ("too many displays: the rest is not read",
                                          "too many formulas and macros that never end: the rest is not read"),
    "expected {}, found {}": ("expected the closing |, found the end of the group (})",
                              "expected \\rangle, found “x”", "expected \\right|, found a closing brace"),
    "{} is no equation, so it is neither right nor wrong": (
        "an approximation is no equation, so it is neither right nor wrong",
        "an update is no equation, so it is neither right nor wrong",
        "this relation is no equation, so it is neither right nor wrong"),
    "is not read": ("'ж', U+0436 CYRILLIC SMALL LETTER ZHE is not read",),
    "has no meaning here": ("'#', U+0023 NUMBER SIGN has no meaning here",),
    "exit code {}": ("exit code 3",),
    "; a prime is no part of a name: write c_1 or \\hat{c}": (
        r"a definition needs a name on its left side; found $c$; a prime is no part of a name: write c_1 or \hat{c}",),
    "there is no entry {}{}": ("there is no entry 4", "there is no entry 4 among 3"),
    "entry {}": ("entry 1,2", "l = 2; entry 1,2", "entry 1 of the same network with narrower layers"),
}  # fmt: skip
"""Sentences that are put together: each is asked about in every form that it has."""


# --- collecting -------------------------------------------------------------------------------------------------------


def sentences_of(room: str) -> dict[str, str]:
    """Every string of a room that has three words, holes as {}, and the file that it stands in."""
    root = Path("verify")
    path = root / room
    found: dict[str, str] = {}
    for file in [path] if path.is_file() else sorted(path.glob("*.py")):
        name = str(file.relative_to(root))
        if name not in UNSAID:
            found |= dict.fromkeys(said(ast.parse(file.read_text(encoding="utf-8"))), name)
    return found


def said(tree: ast.AST) -> Iterator[str]:
    """The strings of a module that are sentences: no docstrings, no patterns, no parts of a larger one."""
    skipped = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Expr)
               for part in ast.walk(node) if part is not node and not isinstance(part, ast.JoinedStr)
               and (isinstance(node, ast.JoinedStr) or part is getattr(node, "value", None))}  # fmt: skip
    for node in ast.walk(tree):
        text = "" if id(node) in skipped else form(node)
        if len(re.findall(r"[A-Za-z]{2,}|\ba\b|\{\}", text)) >= 3 and re.search("[a-z]{3}", text):
            yield text


def form(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"(?<!mathbb)\{\d\}", "{}", node.value) if " " in node.value else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(form_of(one) for one in node.values)
    return ""


def form_of(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "{}"


def instances(text: str) -> tuple[str, ...]:
    """A sentence with its holes filled by what no table knows."""
    if text in FORMS:
        return FORMS[text]
    parts = text.split("{}")
    return ("".join(f"{part}${'xyzuvw'[place]}_{place}$" for place, part in enumerate(parts[:-1])) + parts[-1],)


def untold(text: str, code: str) -> list[str]:
    """The instances of a sentence of which some English is left, or a value is not."""
    found = []
    for one in instances(text):
        with speaking(code):
            other = told(one)
        values = set(re.findall(r"\$\w_\d\$", one))
        plain = re.sub(r"\\[A-Za-z]+|\{[^{}]*\}|“[^”]*”|% derive: \w+|[A-Za-z] = [^ ]*|`\w+`", "", other)
        left = re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", plain)
        if other == one or left or not values <= set(re.findall(r"\$\w_\d\$", other)):
            found.append(one)
    return found


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_of_the_checker_is_missing(code, room):
    found = sentences_of(room)
    assert found
    assert {one: file for one, file in found.items() if one not in NEVER and untold(one, code)} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_no_kind_verdict_or_reason_is_missing(code):
    from verify.latex.tables import REFUSED  # only here: the reasons for what is not read

    row = language(code)
    kinds = {one.replace("-", " ") for one in KINDS}
    verdicts = {"correct", "incorrect", "undecided", "unreadable", "exact", "probabilistic", "counterexample"}
    assert sorted(one for one in kinds | verdicts if one not in row.words) == []
    assert sorted(one for one in set(REFUSED.values()) if untold(one, code)) == []


def test_what_the_collector_would_miss_is_nothing():
    tree = ast.parse('"""Three words here."""\nx = "one more word"\ny = f"and {x} others come"\nz = "short"\n')
    assert sorted(said(tree)) == ["and {} others come", "one more word"]
    assert untold("a sentence that nobody has translated", "zh") == ["a sentence that nobody has translated"]
    assert untold("the index {} must be {}", "zh") == []
    assert UNSAID.keys() <= {str(one.relative_to("verify")) for one in Path("verify").rglob("*.py")}


# --- what is seen -----------------------------------------------------------------------------------------------------

WRONG = {
    "transpose": r"\delta^2 = w^3 \delta^3 \odot \sigma'(z^2)",
    "numbers": r"\frac{\partial C}{\partial w^2_{11}} = \delta^2_1 x_2",
    "unreadable": r"\delta^2 = \odot \odot z^2",
    "unknown": r"q^2 = \foo{3}",
    "chain": r"\delta^3 = (a^3 - y) \odot \sigma'(z^3) = a^3 - y",
    "right": r"\delta^3 = (a^3 - y) \odot \sigma'(z^3)",
    "undecided": r"a = a + \sum_k k k",
}
ENGLISH = re.compile(r"(?<![\\{-])\b[a-z]{3,} [a-z]{2,}\b")


def screens(code: str) -> dict[str, str]:
    options = Options({"layers": [2, 3, 1]}, explain=True)
    with speaking(code):
        return {name: shown(one, answer(Question.of({"formula": one, "layers": [2, 3, 1]})), options)
                for name, one in WRONG.items()}  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
def test_the_answer_on_a_terminal_is_all_in_the_language(code):
    for name, screen in screens(code).items():
        assert [one for one in ENGLISH.findall(screen) if "latex2sympy2" not in one] == [], name
        assert max(map(columns, screen.split("\n"))) <= 100, name


@pytest.mark.parametrize("code", OTHERS)
def test_the_table_of_a_document_is_all_in_the_language(code):
    text = (r"\[ L = \tfrac12 (w x - t)^2 \] \[ \frac{\partial L}{\partial w} = (w x - t) \] \[ x + \] \[ q \] "
            r"\begin{align} L = 3")  # fmt: skip
    with speaking(code):
        lines = table("paper.tex", examined(scanned(text)), Options({}))
    assert [one for line in lines for one in ENGLISH.findall(line)] == []


def test_a_terminal_without_other_letters_is_spoken_to_in_english():
    with speaking("zh"):
        screen = shown("a = b", answer(Question.of({"formula": "a = b", "given": []})), Options({}, unicode=False))
    assert screen.isascii()
    assert "incorrect" in screen


def test_lines_are_broken_where_chinese_breaks_them():
    text = "两边在下列数值处不相等，每一位数字都确定（见 delta^2 (w^3) 一式）。"
    with speaking("zh"):
        for width in range(12, 60):
            lines = wrapped(text, width)
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            assert max(map(columns, lines)) <= width + 2  # a closing mark stays with the letter before it
            assert not any(one[0] in "，。）" or one[-1] == "（" for one in lines)
        assert wrapped("", 9) == wrapped("  ", 9) == []
    assert wrapped("one two", 3) == ["one", "two"]
