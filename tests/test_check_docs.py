"""A guide's shown output can be renewed from what its commands print now."""

from tests.doc_examples import renewed


def test_a_page_can_be_renewed():
    page = "Text\n\n    $ derive check '='\n    old\n\nmore\n"
    assert renewed(page).startswith("Text\n\n    $ derive check '='\n    =\n")
    assert renewed(page).endswith("\n\nmore\n")
    assert renewed(renewed(page)) == renewed(page)
