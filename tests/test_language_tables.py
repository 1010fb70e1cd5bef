"""Tables of sentences: what is no sentence, or is given twice, is named, and a language that has it says nothing."""

from __future__ import annotations

import re
import sys
from importlib import import_module

import pytest

from derive.network import SpecError
from reports.wording.language import language
from reports.wording.table import by_english, by_key, joined


def test_sentences_may_be_continued_and_are_given_once():
    assert by_key("# no\na: one\n  two\nb: three\n") == {"a": "one two", "b": "three"}
    assert by_key("a: 一\n    二\n", glue="") == {"a": "一二"}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("a: 1\na: 2\n", "'a' is given twice"),
        ("a: 1\nno sentence\n", "'no sentence'"),
        ("a: 1\nb:\n", "'b:'"),
        ("a: 1\nb: \n", "'b: '"),
        (": 1\n", "': 1'"),
        ("  begun\na: 1\n", "continues no sentence: 'begun'"),
    ],
)
def test_a_line_that_is_no_sentence_is_named(lines, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        by_key(lines)


def test_tables_that_disagree_are_not_joined():
    assert joined({"a": "1"}, {"a": "1", "b": "2"}) == {"a": "1", "b": "2"}
    with pytest.raises(ValueError, match=r"^'a' is given twice, as '1' and as '2'$"):
        joined({"a": "1"}, {"a": "2"})


@pytest.mark.parametrize(
    ("table", "more", "why"),
    [
        ("PHRASES", "exact\n    一\n", "'exact' is given twice"),
        ("PHRASES", "untranslated\n", "'untranslated' has no translation"),
        ("WORDS", "proved\n    一\n", "'proved' is given twice"),
    ],
)
def test_a_language_with_a_wrong_line_names_it_and_speaks_nothing(monkeypatch, table, more, why):
    """No sentence is said, least of all one of two that are given for the same."""
    terminal = import_module("reports.wording.chinese.terminal")
    monkeypatch.setattr(terminal, table, f"{getattr(terminal, table)}\n{more}")
    monkeypatch.delitem(sys.modules, "reports.wording.chinese")
    with pytest.raises(SpecError, match=rf"^the sentences of the language zh .*chinese\.terminal: {re.escape(why)}"):
        language("zh")


def test_pairs_of_sentences_may_be_continued_and_are_whole():
    assert by_english("# no\nOne\ntwo\n    一\n    二\n\nThree\n    三\n") == {"One two": "一二", "Three": "三"}
    for text_, why in (
        ("A\n    一\nA\n    二\n", "given twice"),
        ("A\n", "no translation"),
        ("    一\n", "of nothing"),
    ):
        with pytest.raises(ValueError, match=why):
            by_english(text_)
