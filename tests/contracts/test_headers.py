"""Pages outside the table of views follow its rules too: no inline code, no cache, and no details of errors.

``test_every_view.py`` checks the same headers for every page, fragment and dialog of a project.
"""

import json

import pytest
from django.conf import settings
from django.template.base import Template
from django.test import Client

from tests.support.actions import DISK, SNAPSHOT
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, text_of
from tests.support.rules import inline_code, wrong_headers
from tests.support.views import BOTH_WAYS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_of_each")]
# These include deleted resources, addresses that never existed, and answers that are not pages
URLS = [
    f"{HERE}/disks/?q=x",
    f"{HERE}/disks/{an_id(9)}/snapshots/",
    f"{HERE}/disks/changes/?seen={DISK}:creating",
    "/p/nowhere/disks/",
    "/nowhere/",
    "/toasts/",
    "/sign-in/?next=/",
    "/sign-out/",
    "/healthz",
    "/",
]


@pytest.mark.parametrize("url", URLS)
def test_it_lets_in_nothing_from_elsewhere_and_no_cache(signed_in: Client, url: str) -> None:
    for headers in BOTH_WAYS:
        answer = signed_in.get(url, headers=headers)
        case = f"as {'a fragment' if headers else 'a page'}"
        assert wrong_headers(answer) == {}, case
        assert inline_code(Page(answer)) == [], case


def test_the_sign_in_page_keeps_the_same_rules(client: Client) -> None:
    page = client.get("/sign-in/")
    assert wrong_headers(page) == {}
    assert inline_code(Page(page)) == []


def test_it_configures_htmx_strictly(client: Client) -> None:
    scripts = [one["src"] for one in Page(client.get("/sign-in/")).select("script")]
    [htmx] = [place for place, url in enumerate(scripts) if "htmx-2" in url]
    [configuration] = [place for place, url in enumerate(scripts) if "htmx_config" in url]
    assert htmx < configuration
    source = (settings.BASE_DIR / "static/js/htmx_config.js").read_text()
    wanted = {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "selfRequestsOnly": True,
    }
    assert json.loads(source[source.index("{") : source.rindex("}") + 1]).items() >= wanted.items()


def test_it_refuses_a_form_without_its_token(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.handler.enforce_csrf_checks = True
    sent = {"name": "x", "key": "k", "ids": SNAPSHOT}
    for url in (f"{HERE}/disks/{DISK}/create-snapshot/", f"{HERE}/snapshots/delete/run/", "/sign-out/", "/sign-in/"):
        answer = signed_in.post(url, sent)
        assert answer.status_code == 403, url
        assert Page(answer).has("heading", "This form couldn't be verified"), url
        assert wrong_headers(answer) == {}, url
    assert cloud.asked() == []


def test_it_says_that_there_is_no_such_page(signed_in: Client) -> None:
    answer = signed_in.get("/nowhere/")
    assert answer.status_code == 404
    assert Page(answer).has("heading", "Page not found")


def test_it_admits_a_fault_without_details(
    signed_in: Client, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.template.base.Template.render", _explode_once())
    signed_in.raise_request_exception = False
    answer = signed_in.get(f"{HERE}/disks/", headers=HTMX)
    assert answer.status_code == 500
    assert Page(answer).has("heading", "Something went wrong in Diskboard")
    assert "secret detail" not in text_of(answer)
    assert wrong_headers(answer) == {}
    assert cloud.asked()


def _explode_once() -> object:
    real = Template.render
    left = [1]

    def render(self: Template, context: object) -> str:
        if left:
            left.pop()
            raise ValueError("secret detail")
        return real(self, context)  # type: ignore[arg-type]  # a method without its class

    return render
