"""Proposed names."""

from datetime import date

import pytest

from volumes.names import MAX_LENGTH, named_after, proposed_name

DAY = date(2026, 3, 9)


def proposed(title: str, *taken: str) -> str:
    return proposed_name(title, "snapshot", DAY, frozenset(taken))


def test_it_proposes_disk_and_day() -> None:
    assert proposed("data") == "data_snapshot_09-03-2026"


def test_it_counts_on_where_the_name_is_taken() -> None:
    first = "data_snapshot_09-03-2026"
    assert proposed("data", first) == f"{first}_2"
    assert proposed("data", first, f"{first}_2", f"{first}_3") == f"{first}_4"
    assert proposed("data", first, f"{first}_3") == f"{first}_2"


def test_it_says_what_it_is() -> None:
    assert proposed_name("data", "backup", DAY) == "data_backup_09-03-2026"
    assert proposed_name("data", "", DAY) == "data_09-03-2026"


@pytest.mark.parametrize("letter", ["x", "ы", "🦊"])
def test_it_keeps_within_cinders_limit(letter: str) -> None:
    name = proposed(letter * MAX_LENGTH)
    assert len(name) == MAX_LENGTH
    assert name.endswith("_snapshot_09-03-2026")
    again = proposed(letter * MAX_LENGTH, name)
    assert len(again) == MAX_LENGTH
    assert again.endswith("_snapshot_09-03-2026_2")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{disk}_before", "data_before"),
        ("{disk}", "data"),
        ("nightly", "nightly"),
        ("", ""),
        ("{disk}-{disk}", "data-"),
        ("{disque}{0}%s", "{disque}{0}%s"),
    ],
)
def test_it_names_after_the_disk(pattern: str, name: str) -> None:
    assert named_after(pattern, "data") == name


def test_it_shortens_the_name_of_the_disk() -> None:
    assert named_after("{disk}_x", "д" * MAX_LENGTH) == "д" * (MAX_LENGTH - 2) + "_x"
