"""Rules for all pages, fragments and dialogs of a project: who may see them, and what they accept."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from tests.support.actions import DISK, SNAPSHOT
from tests.support.canned import HTMX
from tests.support.cloud_rows import USER
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.pages import HERE, Page, leads_to, sent_by
from tests.support.rules import inline_code, wrong_headers
from tests.support.views import BOTH_WAYS, EVERY_VIEW, OF_ONE, VIEWS, View

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_of_each")]
# Data that would change something if it were sent by POST
SENT = {"key": "k", "name": "x", "ids": SNAPSHOT, "size": "10", "source": "snapshot"}


def test_the_table_has_every_view() -> None:
    """Every new view needs a row in the table in tests/support/views.py."""

    def names(resolver: Any) -> list[str]:
        below = [[str(one.name)] if isinstance(one, URLPattern) else names(one) for one in resolver.url_patterns]
        return [name for some in below for name in some]

    [ours] = [one for one in get_resolver().url_patterns if str(one.pattern).startswith("p/")]
    assert sorted(names(ours)) == sorted({str(resolve(urlsplit(view.url).path).url_name) for view in VIEWS})


@EVERY_VIEW
def test_it_answers_and_changes_nothing(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        case = f"{view} as {'a fragment' if headers else 'a page'}"
        assert answer.status_code in {200, 204}, case
        assert wrong_headers(answer) == {}, case
        assert answer["Content-Type"].startswith("text/csv") or inline_code(Page(answer)) == [], case
    signed_in.get(view.url, SENT)
    if view.posts:
        signed_in.head(view.url, SENT)
    assert {one.method for one in cloud.requests()} <= {"GET"}, "a link to it changes something"


def test_it_answers_head_as_it_answers_get(signed_in: Client, client: Client) -> None:
    """Link checkers and monitors ask by HEAD."""
    others = ["/", "/disks/?q=x", "/toasts/", "/sign-in/", "/sign-in/?next=/", "/sign-out/", "/switch-project/"]
    others += ["/theme/", "/language/setlang/", "/favicon.ico", "/healthz", "/nowhere/"]
    others += [f"/p/{PROJECT}@RegionOne/disks/", f"/p/{OTHER_PROJECT}/disks/"]
    differing = []
    for url in [*others, *(view.url for view in VIEWS)]:
        for asking, headers in ((signed_in, {}), (signed_in, HTMX), (client, {}), (client, HTMX)):
            got, headed = (ask(url, headers=headers) for ask in (asking.get, asking.head))
            parts = [(one.status_code, one.get("Location"), one.get("Content-Type")) for one in (got, headed)]
            if parts[0] != parts[1]:
                differing.append((url, headers, *parts))
    assert differing == []


@EVERY_VIEW
def test_a_fragment_has_nothing_for_browsers_without_javascript(signed_in: Client, view: View) -> None:
    """htmx parses a fragment as if there were no JavaScript: the content of noscript becomes real elements."""
    part = Page(signed_in.get(view.url, headers=HTMX))
    assert part.select("#one noscript" if part.has("main") else "noscript") == []


def test_a_fragment_uses_up_no_message(signed_in: Client) -> None:
    """htmx may use only a part of a page's response, without the toasts; the request for toasts shows them."""
    rename = f"{HERE}/disks/{DISK}/rename/"
    signed_in.post(rename, sent_by(signed_in.get(rename, headers=HTMX), name="after"), headers=HTMX)
    waiting = signed_in.cookies["diskboard_messages"].value
    assert waiting
    losing = [view for view in VIEWS if "diskboard_messages" in signed_in.get(view.url, headers=HTMX).cookies]
    assert losing == []
    assert "is saved." in Page(signed_in.get("/toasts/")).text


@EVERY_VIEW
def test_its_forms_name_the_user_of_the_page(signed_in: Client, view: View) -> None:
    """The middleware rejects a form if another user has signed in in the same browser since."""
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        page = Page("" if answer["Content-Type"].startswith("text/csv") else answer)
        forms = [*page.find_all("form"), *page.select("#page-token")]
        with_token = [form for form in forms if form.hidden("csrfmiddlewaretoken")]
        assert [form.hidden("page_user") for form in with_token] == [[USER]] * len(with_token), view
        assert not page.has("banner") or len(with_token) > 1, view


@EVERY_VIEW
def test_it_asks_strangers_to_sign_in(client: Client, view: View) -> None:
    page = client.get(view.url)
    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in/?next=%2Fp%2F")
    ask = client.post if view.posts else client.get
    over_the_page = ask(view.url, SENT, headers=HTMX)
    assert over_the_page.status_code == 401
    assert (over_the_page["HX-Retarget"], over_the_page["HX-Push-Url"]) == ("#sign-in", "false")
    assert Page(over_the_page).has("dialog", "Sign in")


@EVERY_VIEW
def test_it_refuses_what_is_not_for_it(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    elsewhere = view.url.replace(PROJECT, OTHER_PROJECT)
    assert signed_in.get(elsewhere, headers=HTMX).status_code == 404, "another project"
    for method in ("put", "patch", "delete", *(() if view.posts else ("post",))):
        assert getattr(signed_in, method)(view.url).status_code == 405, method
    if view.posts:
        assert signed_in.post(elsewhere, SENT, headers=HTMX).status_code == 404, "a POST to another project"
        signed_in.handler.enforce_csrf_checks = True
        assert signed_in.post(view.url, SENT).status_code == 403, "a POST without the CSRF token"
    assert cloud.asked() + cloud.asked(KEYSTONE) == [], "the cloud was asked"


@pytest.mark.parametrize("slug", [OTHER_PROJECT, "nonsense", f"{PROJECT}@nowhere"])
def test_it_knows_no_other_project_or_region(cloud: FakeCloud, signed_in: Client, slug: str) -> None:
    url = f"/p/{slug}/disks/"
    answers = [signed_in.get(url), signed_in.get(url, headers=HTMX), signed_in.post(url, SENT)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert cloud.asked() + cloud.asked(KEYSTONE) == []


def test_it_knows_nothing_by_a_bad_id(cloud: FakeCloud, signed_in: Client) -> None:
    urls = [f"{HERE}/disks/{bad}/" for bad in ("1", f"{DISK}x", "..%2F..", f"{DISK}%0A")]
    for view in OF_ONE:
        kind, _id, rest = view.path.split("/", 2)
        urls.append(f"{HERE}/{kind}/x/{rest}")
    assert [url for url in urls if signed_in.get(url).status_code != 404] == []
    assert signed_in.post(urls[0], SENT).status_code == 404
    assert cloud.asked() == []


@pytest.mark.parametrize(
    ("path", "list_path"), [(f"disks/{DISK}/", "disks/"), (f"snapshots/{SNAPSHOT}/", "snapshots/")]
)
def test_a_page_that_watches_its_subject_is_left_when_that_is_gone(
    cloud: FakeCloud, signed_in: Client, path: str, list_path: str
) -> None:
    cloud.volumes, cloud.snapshots, cloud.backups = [], [], []
    watching = signed_in.get(f"{HERE}/{path}", headers=HTMX)
    assert (watching.status_code, leads_to(watching)) == (204, f"{HERE}/{list_path}")
    opened = signed_in.get(f"{HERE}/{path}")
    assert opened.status_code == 404
    assert Page(opened).has("heading", "Not found")
