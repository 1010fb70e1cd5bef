"""Every language says everything: no sentence is missing and none has other holes; how words are told and spaced."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from derive import Network
from derive.layout import Cases, Glyph, Row
from derive.tables.losses import LOSSES
from derive.tables.rules import RULES
from reports.figures.drawing import Drawing, Label
from reports.html.words import WORDS
from reports.inline import Emphasis, Inline, Math, Ref, Text, inline
from reports.language_option import CODES
from reports.wording import ENGLISH, counted, enumerated, say, sentences
from reports.wording.boxes import drawn, lettered
from reports.wording.chinese.spacing import spaced
from reports.wording.language import HOLE, LANGUAGES, NATIVE, Told, language, phrase, speaking, told
from verify.training.rules import OPTIMISERS, WEIGHT_DECAY
from verify.training.scaling import SCALINGS
from verify.training.schedules import SCHEDULES

OTHERS = [code for code in LANGUAGES if code != NATIVE]
SAYING = ("words", "phrase", "tell", "_several")
"""Functions whose strings are phrases; those of `told` and of `progress` may be words as well."""
FINISHED = ("told", "progress")

# --- no sentence is missing -----------------------------------------------------------------------------------------


def holes(sentence: str) -> set[str]:
    return set(HOLE.findall(sentence))


def missing(native: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The keys that another language lacks, or whose sentence has other holes there, or is empty."""
    return [key for key, sentence in native.items()
            if not other.get(key) or holes(sentence) != holes(other[key])]  # fmt: skip


@cache
def in_code(functions: tuple[str, ...] = SAYING, room: str = "reports") -> frozenset[str]:
    """Every English string that the code of a room gives to one of these functions, itself or by a name."""
    found: set[str] = set()
    for file in Path(room).rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if not any(name in text for name in functions):
            continue
        tree = ast.parse(text)
        named = assigned(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name, *given = getattr(node.func, "id", ""), *node.args
                if name == "map" and isinstance(node.args[0], ast.Name):
                    name = node.args[0].id
                if name in functions:
                    found |= {one for each in given[:3] for one in strings(each, named)}
    return frozenset(found)


def assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What is assigned to each name."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def strings(node: ast.expr, named: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    """The strings that an expression may be: a choice of them, a name, or what a table holds for a key."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*strings(node.body, named), *strings(node.orelse, named))
    elif isinstance(node, ast.Dict | ast.Tuple):
        for one in node.values if isinstance(node, ast.Dict) else node.elts:
            yield from strings(one, named)
    elif isinstance(node, ast.Subscript):
        yield from strings(node.value, named)
    elif isinstance(node, ast.Name):
        for one in named.get(node.id, []):
            if not isinstance(one, ast.Name):
                yield from strings(one, named)


def in_tables() -> set[str]:
    """Every phrase that a table's row brings."""
    found = {row.reason for row in RULES.values()} | {row.means for row in SCALINGS.values()} | {WEIGHT_DECAY.says}
    for rule in OPTIMISERS.values():
        found |= {rule.says, *(one.why for one in rule.update), *(one.says for one in rule.settings)}
    for schedule in SCHEDULES.values():
        found |= {schedule.says, f"By the schedule {schedule.name} {{what}}", *(one.says for one in schedule.settings)}
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_missing_and_none_has_other_holes(code):
    row = language(code)
    assert missing(ENGLISH, row.sentences) == []
    assert set(row.sentences) - set(ENGLISH) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_no_phrase_of_the_code_or_of_a_table_is_missing(code):
    phrases = in_code() | in_tables()
    assert len(phrases) > 150
    assert sorted(missing({one: one for one in phrases}, language(code).phrases)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_word_that_the_code_hands_over_finished_is_missing(code):
    row = language(code)
    finished = in_code(FINISHED) | in_code(FINISHED, "verify")
    assert {"WRONG", "gradient by", "deriving", "rechecking every step"} <= finished
    assert sorted(one for one in finished if one not in {**row.phrases, **row.words}) == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_holes_of_the_english(code):
    row = language(code)
    for table in (row.phrases, row.words):
        assert [english for english, other in table.items() if holes(english) != holes(other)] == []


STRESSED = re.compile(r"(\*+)([^*]+)\1")
MARK = re.compile(r"[^\w{}]")


def unstressed(sentence: str) -> list[str]:
    """Stressed words that Markdown would not see: a mark stands inside an end, and a letter outside (CommonMark)."""
    found = []
    for one in STRESSED.finditer(sentence):
        before, after = sentence[: one.start()][-1:], sentence[one.end() :][:1]
        outside = [(one[2][-1], after), (one[2][0], before)]
        found += [one[0] for inner, outer in outside if MARK.match(inner) and outer and not MARK.match(outer)]
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_stressed_words_are_stressed_in_markdown_too(code):
    row = language(code)
    assert [key for table in (row.sentences, row.phrases) for key, one in table.items() if unstressed(one)] == []
    assert [one for table in (row.sentences, row.phrases) for one in table.values()
            if any(HOLE.search(stress[2]) for stress in STRESSED.finditer(one))] == []  # fmt: skip
    assert unstressed("**前向。**第 2 层") == ["**前向。**"]
    assert unstressed("**前向**：第 2 层，*好。*") == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_loss_and_every_noun_has_a_name(code):
    row = language(code)
    assert set(row.nouns) == set(language(NATIVE).nouns)
    known = {**row.phrases, **row.words}
    assert [one.title for one in LOSSES.values() if one.title not in known and " " in one.title] == []


def test_each_language_has_one_row_everywhere():
    assert set(LANGUAGES) == set(WORDS) == set(CODES)
    for code in LANGUAGES:
        assert language(code).code == code
        assert language(code).native or language(code).fonts


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("key", ["title", "why-paths", "loop-caption"])
def test_a_sentence_that_is_taken_away_is_named(code, key):
    left = {one: sentence for one, sentence in language(code).sentences.items() if one != key}
    assert missing(ENGLISH, left) == [key]
    assert missing(ENGLISH, {**language(code).sentences, "title": "没有空"}) == ["title"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_phrase_that_is_taken_away_is_named(code, monkeypatch):
    row = language(code)
    monkeypatch.delitem(row.phrases, "The idea")
    assert missing({one: one for one in in_code()}, row.phrases) == ["The idea"]
    with pytest.raises(KeyError, match="The idea"), speaking(code):
        phrase("The idea")


@pytest.fixture
def esperanto(monkeypatch):
    """A new language, made of another: its code, and its row."""
    row = replace(language("zh"), code="eo", name="Esperanto", sentences=dict(language("zh").sentences),
                  phrases=dict(language("zh").phrases), words=dict(language("zh").words))  # fmt: skip
    monkeypatch.setitem(sys.modules, "reports_wording_eo", SimpleNamespace(LANGUAGE=row))
    monkeypatch.setitem(LANGUAGES, "eo", "reports_wording_eo")
    return row


def test_a_new_language_with_one_sentence_missing_fails_by_its_name(esperanto):
    whole = (test_no_sentence_is_missing_and_none_has_other_holes, test_no_phrase_of_the_code_or_of_a_table_is_missing,
             test_no_word_that_the_code_hands_over_finished_is_missing)  # fmt: skip
    for test in whole:
        test("eo")
    rows = ((esperanto.sentences, "forward-intro"), (esperanto.phrases, "The idea"), (esperanto.words, "WRONG"))
    for test, (table, key) in zip(whole, rows, strict=True):
        sentence = table.pop(key)
        with pytest.raises(AssertionError, match=key):
            test("eo")
        table[key] = sentence


def test_a_sentence_that_a_new_language_lacks_stops_a_report(esperanto):
    del esperanto.sentences["title"]
    with speaking("eo"):
        assert say("layer", number="2")
        with pytest.raises(KeyError, match="title"):
            say("title", widths="2-3-1")


# --- what comes finished from elsewhere -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("half squared error", "半平方误差"),
        (" is ", "是"),
        ("no derivative, the one-sided derivatives are 0 and 1", "导数不存在，两个单侧导数分别为 0 和 1"),
        ("the index $i$ must be $j$", "下标 $i$ 应为 $j$"),
        ("90 of 100 held-out samples right, 90.0%, after 1 epoch", "经过 1 轮，100 个留出样本中有 90 个正确，占 90.0%"),
        ("something that nobody translated", "something that nobody translated"),
        ("", ""),
        ("3", "3"),
    ],
)
def test_finished_words_are_told_where_they_are_known(english, chinese):
    assert told(english) == english
    with speaking("zh"):
        assert told(english) == chinese


def test_a_domain_that_a_loss_needs_is_told_as_a_whole():
    (warning,) = Network((1, 1), "linear", "binary-cross-entropy").warnings()
    with speaking("zh"):
        found = told(warning)
    assert not re.search("[a-z]{3}", found.replace("linear", ""))
    assert "二元交叉熵" in found


def test_speaking_ends_with_its_block_even_after_an_error():
    with pytest.raises(RuntimeError), speaking("zh"):
        raise RuntimeError
    assert language().native
    with speaking("zh"), speaking("en"):
        assert phrase("The idea") == "The idea"


@pytest.mark.parametrize("code", ["fr", "", "ZH", "zh-TW"])
def test_a_language_that_there_is_not_is_refused_by_name(code):
    with pytest.raises(ValueError, match="must be one of en, zh"), speaking(code):
        pass


def test_what_is_told_already_is_not_told_again():
    with speaking("zh"):
        assert phrase(Told("损失")) == "损失"
        with pytest.raises(KeyError):
            phrase("损失")


# --- numbers, lists, spaces -------------------------------------------------------------------------------------------


def text(pieces: Inline) -> str:
    return "".join("M" if isinstance(one, Math) else one.label if isinstance(one, Ref) else one.text for one in pieces)


def test_numbers_lists_and_sentences_follow_the_language():
    a, b, c = (inline(one) for one in "abc")
    assert (counted(2, "input"), text(enumerated([a, b, c])), text(sentences(a, b))) == (
        "two inputs",
        "a, b and c",
        "a b",
    )
    with speaking("zh"):
        assert (counted(2, "input"), counted(1, "step")) == ("2 个输入", "1 步")
        assert text(enumerated([a, b, c])) == "a、b 和 c"
        assert text(sentences(inline("一。"), inline("二。"))) == "一。二。"


LETTER = Math(Glyph("a"))


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        ((Text("在"), Text("第 2 层"), Text("，神经元")), "在第 2 层，神经元"),
        ((Text("激活函数 "), Text("线性"), Text(" 。")), "激活函数线性。"),
        ((Text("共"), Text("17"), Text("个")), "共 17 个"),
        ((Text("数"), LETTER, Text("是")), "数 M 是"),
        ((Text("数："), LETTER, Text(" 。")), "数：M。"),
        ((LETTER, Text(" and "), LETTER), "M and M"),
        ((Text("见 "), Ref("s1"), Text(" 和 "), Ref("s2")), "见 s1 和 s2"),
        ((Text("据"), Ref("s1"), Text("得")), "据s1得"),
        ((Text("见 "), Ref("fig:a"), Text("中")), "见fig:a 中"),
        ((Emphasis("强调"), Text(" 之后")), "强调之后"),
        ((Text("a"), Text("b")), "ab"),
        ((Text(" "),), " "),
        ((), ""),
    ],
)
def test_spaces_stand_between_two_kinds_of_letters_only(pieces, wanted):
    assert text(spaced(pieces)) == wanted


@given(some.lists(some.one_of(
    some.text("一二，。 aZ9(“%·", max_size=6).map(Text), some.just(LETTER), some.just(Ref("s")),
    some.sampled_from(["中", "x", "。"]).map(Emphasis),
), max_size=6))  # fmt: skip
def test_spaces_change_nothing_else_and_once_is_enough(pieces):
    found = spaced(tuple(pieces))
    assert text(found).replace(" ", "") == text(tuple(pieces)).replace(" ", "")
    stressed = [replace(one, strong=True) if isinstance(one, Emphasis) else one for one in pieces]
    assert [one for one in found if not isinstance(one, Text)] == [one for one in stressed if not isinstance(one, Text)]
    assert spaced(found) == found


def test_words_in_formulas_and_drawings_are_told():
    choice = Cases(((Glyph("z"), Row((Glyph("if ", "text"), Glyph("z")))), (Glyph("0"), Glyph("otherwise", "text"))))
    drawing = Drawing(9, 9, (Label((1, 1), "loss"), Label((2, 2), choice), Label((3, 3), "otherwise")))
    assert lettered(choice) is choice
    assert drawn(drawing) is drawing
    with speaking("zh"):
        assert lettered(choice).lines[1][1] == Glyph("其他", "text")
        assert lettered(choice).lines[0][0] == Glyph("z")
        assert [mark.content for mark in drawn(drawing).marks] == ["损失", lettered(choice), "otherwise"]
