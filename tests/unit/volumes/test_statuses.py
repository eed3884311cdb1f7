"""The one table of statuses."""

import pytest
from django.utils.translation import override

from volumes.statuses import _TABLE, status


@pytest.mark.parametrize("code", [code for code in _TABLE if code.endswith("ing") and not code.startswith("error")])
def test_it_waits_for_what_will_pass(code: str) -> None:
    assert status(code).in_transition


@pytest.mark.parametrize(
    "code",
    ["available", "in-use", "error", "error_deleting", "error_backing-up", "maintenance", "awaiting-transfer", "", "x"],
)
def test_it_waits_for_nothing_that_stays(code: str) -> None:
    assert not status(code).in_transition


def test_it_shows_an_unknown_status_as_cinder_sent_it() -> None:
    assert str(status("moonstruck").label) == "moonstruck"
    assert status("moonstruck").tone == "plain"


@pytest.mark.parametrize("code", [code for code in _TABLE if code.startswith("error")])
def test_it_colours_every_error_alike(code: str) -> None:
    assert status(code).tone == "bad"


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
