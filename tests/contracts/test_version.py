"""The version is at the bottom of every page, and only there."""

import pytest
from django.test import Client

from dashboard import __version__
from tests.support.pages import HERE, Answered, Page, is_whole
from tests.support.views import BOTH_WAYS, EVERY_VIEW, View

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_of_each")]


def versions(answer: Answered) -> list[str]:
    return [footer.text for footer in Page(answer).select("footer")]


@EVERY_VIEW
def test_each_page_of_a_project_tells_it(signed_in: Client, view: View) -> None:
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        if answer.content and answer["Content-Type"].startswith("text/html"):
            assert versions(answer) == ([f"Diskboard {__version__}"] if is_whole(answer) else [])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_other_pages_tell_it_too(signed_in: Client, language: str) -> None:
    headers = {"Accept-Language": language}
    for page in (
        Client().get("/sign-in/", headers=headers),
        signed_in.get(f"{HERE}/nothing/", headers=headers),
        signed_in.get(f"{HERE}/disks/no-such-disk/", headers=headers),
    ):
        assert versions(page) == [f"Diskboard {__version__}"]
