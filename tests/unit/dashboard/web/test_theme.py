"""Light or dark theme: by the system's preference, or by the user's choice."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.pages import HERE, Answered, Page, options

pytestmark = pytest.mark.django_db


def choose(client: Client, theme: str, **more: str) -> str:
    answer = client.post("/theme/", {"theme": theme, "next": f"{HERE}/disks/?q=x", **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def themes(answer: Answered) -> tuple[str, str, str]:
    """The theme for the style sheet, the one for the browser's own controls, and the selected one."""
    page = Page(answer)
    [scheme] = page.select("meta[name=color-scheme]")
    return page["data-theme"], scheme["content"], page.field("Theme").value


SYSTEM = ("", "light dark", "")


def test_it_leaves_it_to_the_system(signed_in: Client) -> None:
    page = signed_in.get(f"{HERE}/disks/")
    assert themes(page) == SYSTEM
    assert options(page, "theme") == ["System theme", "Light", "Dark"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_as_one_says_and_stays_so(signed_in: Client, theme: str) -> None:
    assert choose(signed_in, theme) == f"{HERE}/disks/?q=x"
    for url in (f"{HERE}/disks/", "/no-such-page/"):
        assert themes(signed_in.get(url)) == (theme, theme, theme)


def test_it_leaves_it_to_the_system_again(signed_in: Client) -> None:
    choose(signed_in, "dark")
    choose(signed_in, "")
    assert themes(signed_in.get(f"{HERE}/disks/")) == SYSTEM


def test_it_can_be_chosen_before_signing_in(client: Client) -> None:
    assert themes(client.get("/sign-in/")) == SYSTEM
    assert choose(client, "dark", next="/sign-in/?next=/disks/") == "/sign-in/?next=/disks/"
    assert themes(client.get("/sign-in/")) == ("dark", "dark", "dark")


@pytest.mark.parametrize("nonsense", ["blue", '"><b>', "dark light", "\0"])
def test_it_knows_no_other(client: Client, nonsense: str) -> None:
    choose(client, nonsense)
    assert "diskboard_theme" not in client.cookies or not client.cookies["diskboard_theme"].value
    client.cookies["diskboard_theme"] = nonsense.replace("\0", "0")
    assert themes(client.get("/sign-in/")) == SYSTEM


def test_it_leads_nowhere_else(client: Client) -> None:
    for elsewhere in ("//evil.test/", "https://evil.test/", "evil"):
        assert client.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"
    assert client.get("/theme/").status_code == 405


def test_it_is_in_a_cookie_for_this_site_only(client: Client, settings: Settings) -> None:
    choose(client, "dark")
    cookie = client.cookies["diskboard_theme"]
    assert (cookie["samesite"], cookie["httponly"], cookie["secure"]) == ("Lax", True, "")
    settings.SESSION_COOKIE_SECURE = True
    choose(client, "dark")
    assert client.cookies["diskboard_theme"]["secure"] is True
