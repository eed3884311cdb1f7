"""The table of statuses."""

import pytest
from django.utils.translation import override

from volumes.statuses import _TABLE, status

STAYING = ("available", "in-use", "error", "error_deleting", "error_backing-up", "maintenance", "awaiting-transfer")


def test_it_waits_for_what_will_pass() -> None:
    passing = [code for code in _TABLE if code.endswith("ing") and not code.startswith("error")]
    assert passing
    assert [code for code in passing if not status(code).in_transition] == []


def test_it_waits_for_nothing_that_stays() -> None:
    assert [code for code in (*STAYING, "", "x") if status(code).in_transition] == []


def test_it_shows_an_unknown_status_as_cinder_sent_it() -> None:
    assert str(status("moonstruck").label) == "moonstruck"
    assert status("moonstruck").tone == "plain"


def test_it_colours_every_error_alike() -> None:
    tones = {code: status(code).tone for code in _TABLE if code.startswith("error")}
    assert tones == dict.fromkeys(tones, "bad")
    assert len(tones) > 1


@pytest.mark.parametrize(
    ("code", "english", "russian"),
    [
        ("creating", "Creating", "Создаётся"),
        ("available", "Available", "Доступен"),
        ("in-use", "In use", "Подключён"),
        ("deleting", "Deleting", "Удаляется"),
        ("error", "Error", "Ошибка"),
        ("error_deleting", "Error deleting", "Ошибка удаления"),
    ],
)
def test_it_has_the_words_of_the_page(code: str, english: str, russian: str) -> None:
    with override("en"):
        assert str(status(code).label) == english
    with override("ru"):
        assert str(status(code).label) == russian
