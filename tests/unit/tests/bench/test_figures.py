import pytest

from tests.bench.figures import Figure, exit_code, markdown
from tests.bench.pairs import Spread


def figure(value: float, most: float | None = None) -> Figure:
    return Figure("Disks ÷ Cinder", Spread.of([value]), most=most)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ([], 0),
        ([figure(9)], 0),
        ([figure(1.45, most=1.45)], 0),
        ([figure(1.46, most=1.45)], 1),
        ([figure(0, most=0), figure(3, most=2), figure(1, most=2)], 1),
    ],
)
def test_a_missed_bar_fails_the_run(figures: list[Figure], code: int) -> None:
    assert exit_code(figures) == code


def test_the_table_shows_bars_and_verdicts() -> None:
    slow = Figure("search", Spread(1.234, 1.1, 1.3, 30), most=1.15, besides="page 9 ms")
    met = figure(7, most=8)
    table = markdown([slow, met, figure(512)]).splitlines()
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table]
    assert lines[2:] == [
        ["search", "1.23 ×", "1.10 – 1.30", "1.15", "missed", "page 9 ms"],
        ["Disks ÷ Cinder", "7 ×", "", "8", "met", ""],
        ["Disks ÷ Cinder", "512 ×", "", "", "", ""],
    ]
    assert len({len(line) for line in table}) == 1
