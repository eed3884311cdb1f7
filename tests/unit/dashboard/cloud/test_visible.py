"""Names that look like others, or like nothing, are told apart."""

import unicodedata

import pytest

from dashboard.cloud.visible import isolated, plain_name, short_ids, shown_name, visible

ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("web", "web"),
        ("photo\u202egnp.exe", "photo[U+202E]gnp.exe"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\nb\x00", "a[U+000A]b[U+0000]"),
        ("so\u00adft", "so[U+00AD]ft"),
        ("\ufeffweb", "[U+FEFF]web"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\u3164", "a[U+3164]"),
        ("web\ufe0f", "web[U+FE0F]"),
        ("web\u200d", "web[U+200D]"),
        ("a\u200cb", "a[U+200C]b"),
        ("a\U000e0041", "a[U+E0041]"),
        ("lone \ud800", "lone [U+D800]"),
        ("\u0301\u20ddweb", "[U+0301][U+20DD]web"),
        # Letters with marks, in any normalisation
        ("Новый ёж", "Новый ёж"),
        (unicodedata.normalize("NFD", "Новый ёж"), unicodedata.normalize("NFD", "Новый ёж")),
        # Emoji of several characters, and words that joiners shape
        ("👩\u200d💻", "👩\u200d💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("葛\U000e0100", "葛\U000e0100"),
    ],
)
def test_it_shows_what_is_invisible(name: str, shown: str) -> None:
    assert visible(name) == shown
    assert shown_name(name, ID) == shown


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u200b\u200b", "\u202e \u00a0\u3000", "\u2800", "\x00", "\ufe0f", "\u0301\u20dd", " \u200b\u0301"],
)
def test_a_name_of_nothing_visible_has_a_stand_in(name: str) -> None:
    assert shown_name(name, ID) == ID
    assert plain_name(name) == ""


def test_other_names_are_based_on_what_is_visible() -> None:
    assert plain_name(" photo\u202egnp.exe\u200b ") == "photognp.exe"


def test_it_isolates_what_runs_from_right_to_left() -> None:
    assert isolated("web-1") == "web-1"
    assert isolated("דיסק 1") == "\u2068דיסק 1\u2069"


def test_look_alikes_get_the_beginning_of_their_ids() -> None:
    other = f"7c9e6679{ID[8:]}"
    titles = [(ID, "web"), (other, "web"), ("x", "db")]
    assert short_ids(titles) == {ID: "3fa85f64", other: "7c9e6679"}
    assert set(short_ids([(ID, unicodedata.normalize("NFD", "ёж")), (other, "ёж")])) == {ID, other}
    assert set(short_ids([(ID, "a  b"), (other, "a\u00a0b")])) == {ID, other}
    # Beginnings that are the same tell nothing.
    assert short_ids([(ID, "web"), (f"{ID[:-1]}7", "web")]) == {ID: ID, f"{ID[:-1]}7": f"{ID[:-1]}7"}
