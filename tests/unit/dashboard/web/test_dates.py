"""The display of dates and times."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from dashboard.web.dates import Clock, moment, to_the_minute, to_the_second
from tests.support.html import Page

WHEN = datetime(2020, 8, 10, 18, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(("language", "reads"), [("en", "10 Aug 2020 21:09"), ("ru", "10 авг. 2020 21:09")])
def test_it_reads_in_the_persons_language_and_zone(language: str, reads: str) -> None:
    with translation.override(language), timezone.override("Europe/Moscow"):
        assert to_the_minute(WHEN) == reads
        assert to_the_second(WHEN) == f"{reads}:07"


def test_it_knows_every_month() -> None:
    with translation.override("ru"):
        read = [to_the_minute(WHEN.replace(month=month)).split()[1] for month in range(1, 13)]
    assert read == ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."]


def test_it_tells_the_exact_moment_on_hover() -> None:
    with translation.override("ru"), timezone.override("Europe/Moscow"):
        told = Page(moment(WHEN)).find("time")
    assert told.text == "10 авг. 2020 21:09"
    assert (told["datetime"], told["title"]) == ("2020-08-10T18:09:07Z", "2020-08-10 21:09:07 MSK")


def test_a_clock_writes_the_times_of_a_list_as_a_single_one() -> None:
    times = [WHEN.replace(month=month, microsecond=month) for month in (12, 1, 12)]
    for language, zone in (("ru", "Europe/Moscow"), ("en", "Asia/Kathmandu")):
        with translation.override(language), timezone.override(zone):
            clock = Clock()
            told = [(clock.moment(when), clock.to_the_minute(when), clock.to_the_second(when)) for when in times]
            assert told == [(moment(when), to_the_minute(when), to_the_second(when)) for when in times]
    assert Clock().moment(None) == "—"
