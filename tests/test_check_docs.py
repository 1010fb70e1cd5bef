"""Every command in the guide to the checker prints what the guide says."""

import pytest

from tests.doc_examples import ROOT, parsed, printed, renewed, written

PAGE = ROOT / "docs" / "checking.md"
FILES, EXAMPLES = parsed(PAGE.read_text())


def test_the_page_is_taken_apart():
    assert set(FILES) == {"logistic.txt", "answers.jsonl"}
    assert FILES["logistic.txt"].count("\n") == 5
    assert len(EXAMPLES) == PAGE.read_text().count("$ derive ") >= 12
    assert all(example.shown for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"line {example.first}" for example in EXAMPLES])
def test_commands_print_what_the_page_says(example, tmp_path):
    written(FILES, tmp_path)
    assert printed(example.arguments, tmp_path) == example.shown


def test_a_page_can_be_renewed():
    page = "Text\n\n    $ derive check '='\n    old\n\nmore\n"
    assert renewed(page).startswith("Text\n\n    $ derive check '='\n    =\n")
    assert renewed(page).endswith("\n\nmore\n")
    assert renewed(renewed(page)) == renewed(page)
