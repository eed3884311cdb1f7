from tests.bench.pairs import Spread, in_turn, ratios


def test_it_measures_in_turn() -> None:
    taken: list[str] = []

    def take(name: str) -> float:
        taken.append(name)
        return len(taken)

    assert in_turn(3, lambda: take("page"), lambda: take("raw")) == [[1, 3, 5], [2, 4, 6]]
    assert taken == ["page", "raw"] * 3


def test_an_outlier_moves_neither_the_median_nor_the_middle_half() -> None:
    usual, with_outlier = Spread.of([1, 2, 3, 4, 5]), Spread.of([1, 2, 3, 4, 500])
    assert usual == with_outlier == Spread(3, 2, 4, 5)
    assert Spread.of([7]) == Spread(7, 7, 7, 1)


def test_a_ratio_is_taken_within_each_pair() -> None:
    assert ratios([30, 80], [20, 40]) == [1.5, 2]
