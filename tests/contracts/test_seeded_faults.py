"""The seeded faults are up to date with the code that they break."""

from pathlib import Path

import pytest

from tests.seeded_faults.__main__ import FAULTS, ROOT, Fault, faults

FEWEST = 40
# What the author of a fault had read. Authors who know the tests choose faults that these look for, so a third of the
# faults come from authors who know only the code.
AUTHORS = ("code", "code and tests")


def test_each_fault_still_applies() -> None:
    """If the text of a fault has changed or moved, the fault must too: else `make seeded-faults` proves nothing."""
    stale = [fault.name for fault in faults() if (ROOT / fault.file).read_text().count(fault.old) != 1]
    assert not stale


def test_each_fault_changes_something() -> None:
    assert not [fault.name for fault in faults() if fault.old == fault.new]


def test_enough_faults_are_seeded() -> None:
    assert len(list(FAULTS.glob("*.toml"))) >= FEWEST


def test_each_fault_names_its_promise_and_its_author() -> None:
    unnamed = [fault.name for fault in faults() if not fault.promise.endswith(".") or fault.by not in AUTHORS]
    assert not unnamed
    by_code_alone = [fault.name for fault in faults() if fault.by == "code"]
    assert len(by_code_alone) * 3 >= len(list(faults()))


def test_it_refuses_a_fault_that_no_longer_applies(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("twice\ntwice\n")
    fault = Fault("x", "It does something.", "code", "code.py", "twice", "once")
    with pytest.raises(ValueError, match="stands 2 times"):
        fault.seed(tmp_path)
