"""The language and the time zone of a page are those of its reader."""

import pytest
from django.test import Client

from tests.support.actions import DISK
from tests.support.cloud_rows import snapshot
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, names, words

DISKS, SNAPSHOTS = f"{HERE}/disks/", f"{HERE}/disks/{DISK}/snapshots/"
pytestmark = pytest.mark.usefixtures("one_of_each")


def language(client: Client, accepted: str, url: str = DISKS) -> str:
    return Page(client.get(url, headers={"Accept-Language": accepted}))["lang"]


def test_it_speaks_the_browsers_language(signed_in: Client) -> None:
    page = Page(signed_in.get(DISKS, headers={"Accept-Language": "ru-RU,ru;q=0.9"}))
    assert page["lang"] == "ru"
    assert page.has("heading", "Диски")
    assert page.has("checkbox", "Выбрать data")


def test_it_speaks_english_where_it_does_not_know_the_language(signed_in: Client) -> None:
    assert language(signed_in, "fr") == "en"


@pytest.mark.parametrize("accepted", ["en", "ru"])
def test_it_offers_each_language_in_its_own_words(signed_in: Client, accepted: str) -> None:
    page = Page(signed_in.get(DISKS, headers={"Accept-Language": accepted}))
    [choice] = [one for one in page.select("select") if one["name"] == "language"]
    offered = [(option.value, option["lang"], option.text) for option in choice.find_all("option")]
    assert offered == [("en", "en", "English"), ("ru", "ru", "Русский")]
    assert choice.value == accepted


def test_it_switches_the_language_and_keeps_it(signed_in: Client) -> None:
    answer = signed_in.post("/language/setlang/", {"language": "ru", "next": DISKS})
    assert answer["Location"] == DISKS
    # The choice also survives closing the browser
    assert int(answer.cookies["diskboard_language"]["max-age"]) >= 300 * 24 * 3600
    assert language(signed_in, "en") == "ru"
    assert language(signed_in, "en", "/no-such-page/") == "ru"
    signed_in.post("/sign-out/")
    assert language(signed_in, "en", "/sign-in/?next=x") == "ru"


def test_a_switch_of_the_language_leads_nowhere_else(signed_in: Client) -> None:
    answer = signed_in.post("/language/setlang/", {"language": "ru", "next": "https://evil.test/"})
    assert answer["Location"] == "/"


# --- Time zones -------------------------------------------------------------------------------------------------------

NO_ZONES = [
    "",
    "Mars/Olympus",
    "../../etc/passwd",
    "/etc/passwd",
    "a%00b",
    "%FF",
    "Europe",
    "x" * 999,
    ".",
    "__init__/x",
]


@pytest.fixture
def late(cloud: FakeCloud, one_of_each: None) -> None:  # noqa: ARG001  # must run first
    """A snapshot that was created late in the evening in UTC."""
    cloud.snapshots = [snapshot(1001, created_at="2026-03-02T22:30:00.000000")]


@pytest.mark.usefixtures("late")
def test_it_shows_times_in_the_browsers_zone(signed_in: Client) -> None:
    signed_in.cookies["diskboard_timezone"] = "Asia%2FVladivostok"
    answer = signed_in.get(SNAPSHOTS)
    assert names(answer) == ["snapshot-1001"]
    moments = [(one.text, one["datetime"]) for one in Page(answer).find_all("time")]
    assert ("3 Mar 2026 08:30", "2026-03-02T22:30:00Z") in moments


@pytest.mark.usefixtures("late")
def test_it_shows_utc_for_zones_that_are_none(signed_in: Client) -> None:
    for zone in NO_ZONES:
        signed_in.cookies["diskboard_timezone"] = zone
        assert "2 Mar 2026 22:30" in words(signed_in.get(SNAPSHOTS)), zone


@pytest.mark.usefixtures("late")
def test_it_forgets_the_zone_for_the_next_person(signed_in: Client) -> None:
    signed_in.cookies["diskboard_timezone"] = "Asia/Vladivostok"
    signed_in.get(SNAPSHOTS)
    del signed_in.cookies["diskboard_timezone"]
    assert "2 Mar 2026 22:30" in words(signed_in.get(SNAPSHOTS))
