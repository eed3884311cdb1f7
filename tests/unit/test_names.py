"""Names that are proposed."""

from datetime import date

import pytest

from tests.unit.fakes import an_id, volume
from volumes.cinder import values
from volumes.names import MAX_LENGTH, proposed_snapshot_name

DAY = date(2026, 3, 9)


def proposed(name: str, *taken: str) -> str:
    return proposed_snapshot_name(values.disk(volume(1, name=name)), DAY, frozenset(taken))


def test_it_proposes_disk_and_day() -> None:
    assert proposed("data") == "data_snapshot_09-03-2026"


def test_it_counts_on_where_the_name_is_taken() -> None:
    first = "data_snapshot_09-03-2026"
    assert proposed("data", first) == f"{first}_2"
    assert proposed("data", first, f"{first}_2", f"{first}_3") == f"{first}_4"
    assert proposed("data", first, f"{first}_3") == f"{first}_2"


def test_it_names_an_unnamed_disk_by_its_id() -> None:
    assert proposed("") == f"{an_id(1)}_snapshot_09-03-2026"


@pytest.mark.parametrize("letter", ["x", "ы", "🦊"])
def test_it_keeps_within_cinders_limit(letter: str) -> None:
    name = proposed(letter * MAX_LENGTH)
    assert len(name) == MAX_LENGTH
    assert name.endswith("_snapshot_09-03-2026")
    again = proposed(letter * MAX_LENGTH, name)
    assert len(again) == MAX_LENGTH
    assert again.endswith("_snapshot_09-03-2026_2")
