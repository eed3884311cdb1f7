"""Two users of one browser: nothing of the first one passes to the second one, and the same user goes on as before."""

from typing import Any

import pytest
from django.test import Client

from tests.support.canned import HTMX, SENT, pass_time
from tests.support.cloud_rows import USER, an_id, volume
from tests.support.fake_cloud import KEYSTONE, UNSCOPED, FakeCloud
from tests.support.pages import HERE, Page, sent_by, text_of, triggered

DISKS = f"{HERE}/disks/"
DIALOG = f"{DISKS}{an_id(1)}/create-snapshot/"
BOB = "b" * 32
ANOTHER = "Someone else is signed in now"

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cloud: FakeCloud) -> Client:
    """A browser in which Ann is signed in, and CSRF tokens are checked."""
    cloud.volumes = [volume(1, name="anns-disk")]
    client = Client(enforce_csrf_checks=True)
    sign_in(client)
    return client


def sign_in(client: Client, **more: str) -> Any:
    """Sign in with the CSRF token that the browser has, as a sign-in page does."""
    if "diskboard_csrf" not in client.cookies:
        client.get("/sign-in/")
    sent = {**SENT, "csrfmiddlewaretoken": client.cookies["diskboard_csrf"].value, **more}
    answer = client.post("/sign-in/", sent)
    assert answer.status_code == 302, text_of(answer)
    return answer


def sign_in_as_bob(cloud: FakeCloud, client: Client, **more: str) -> Any:
    cloud.user = {"id": BOB, "name": "bob"}
    cloud.unscoped_token = "bobs-token"
    return sign_in(client, **more)


def filled_in(client: Client, **typed: str) -> dict[str, str]:
    """The fields of an opened dialog, with its CSRF token."""
    dialog = client.get(DIALOG, headers=HTMX)
    return {**sent_by(dialog, **typed), "csrfmiddlewaretoken": Page(dialog).hidden("csrfmiddlewaretoken")[-1]}


def written(cloud: FakeCloud) -> list[str]:
    return [one for one in cloud.asked() if not one.startswith("GET")]


def test_the_same_user_goes_on_with_an_open_form(cloud: FakeCloud, browser: Client) -> None:
    sent = filled_in(browser, name="before")
    pass_time(browser, since_seen=3600)
    sign_in(browser)
    assert browser.post(DIALOG, sent, headers=HTMX).status_code == 204
    assert [one["name"] for one in cloud.snapshots] == ["before"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "over a page"])
@pytest.mark.parametrize("signs_out", [False, True])
def test_an_open_form_of_another_user_writes_nothing(
    cloud: FakeCloud, browser: Client, headers: dict[str, str], signs_out: bool
) -> None:
    sent = filled_in(browser) if headers else page_fields(browser.get(DIALOG))
    if signs_out:
        browser.post("/sign-out/", {"csrfmiddlewaretoken": sent["csrfmiddlewaretoken"]})
    sign_in_as_bob(cloud, browser)
    answer = browser.post(DIALOG, sent, headers=headers)
    assert answer.status_code == 409
    assert ANOTHER in text_of(answer)
    assert "bob" in text_of(answer)
    assert answer.get("HX-Reswap") == ("none" if headers else None)
    assert written(cloud) == []


def page_fields(answer: Any) -> dict[str, str]:
    [form] = [one for one in Page(answer).find("main").find_all("form") if one["method"] == "post"]
    return {field["name"]: field.value for field in form.select("input, textarea") if field["name"]}


def test_a_valid_csrf_token_does_not_help_the_form_of_another_user(cloud: FakeCloud, browser: Client) -> None:
    sent = filled_in(browser)
    sign_in_as_bob(cloud, browser)
    token = filled_in(browser)["csrfmiddlewaretoken"]
    answer = browser.post(DIALOG, {**sent, "csrfmiddlewaretoken": token}, headers=HTMX)
    assert answer.status_code == 409
    assert written(cloud) == []


def test_bobs_own_forms_work(cloud: FakeCloud, browser: Client) -> None:
    sign_in_as_bob(cloud, browser)
    assert browser.post(DIALOG, filled_in(browser), headers=HTMX).status_code == 204
    assert written(cloud) == ["POST /snapshots"]


@pytest.mark.parametrize("signs_out", [False, True])
def test_the_csrf_token_changes_with_the_user(cloud: FakeCloud, browser: Client, signs_out: bool) -> None:
    before = browser.cookies["diskboard_csrf"].value
    if signs_out:
        browser.post("/sign-out/", {"csrfmiddlewaretoken": before})
    sign_in_as_bob(cloud, browser)
    assert browser.cookies["diskboard_csrf"].value != before


def test_a_form_in_another_tab_goes_on_after_signing_out_and_in_again(cloud: FakeCloud, browser: Client) -> None:
    sent = filled_in(browser)
    browser.post("/sign-out/", {"csrfmiddlewaretoken": sent["csrfmiddlewaretoken"]})
    # The session has ended: sign-in opens over the page.
    answer = browser.post(DIALOG, sent, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#sign-in")
    sign_in(browser)
    assert browser.post(DIALOG, sent, headers=HTMX).status_code == 204
    assert written(cloud) == ["POST /snapshots"]


def test_the_csrf_token_stays_with_the_user(browser: Client) -> None:
    before = browser.cookies["diskboard_csrf"].value
    sign_in(browser)
    assert browser.cookies["diskboard_csrf"].value == before


def test_it_stays_where_only_the_page_knows_the_user(browser: Client) -> None:
    """The session was deleted, and sign-in opens over the page."""
    before = browser.cookies["diskboard_csrf"].value
    del browser.cookies["diskboard_session"]
    answer = browser.post("/sign-in/", {**SENT, "csrfmiddlewaretoken": before, "page_user": USER}, headers=HTMX)
    assert triggered(answer) == {"signed-in"}
    assert browser.cookies["diskboard_csrf"].value == before


def leave_a_toast(client: Client) -> None:
    """Let a message wait for the next page."""
    sent = filled_in(client, name="secret-plan")
    assert client.post(DIALOG, sent, headers=HTMX).status_code == 204
    assert client.cookies["diskboard_messages"].value


@pytest.mark.parametrize("path", ["/sign-in/", "/toasts/", "/nowhere/"])
def test_a_toast_is_gone_after_signing_out(browser: Client, path: str) -> None:
    leave_a_toast(browser)
    browser.post("/sign-out/", {"csrfmiddlewaretoken": browser.cookies["diskboard_csrf"].value})
    assert "secret-plan" not in text_of(browser.get(path))


@pytest.mark.parametrize("path", ["/sign-in/", "/toasts/", DISKS])
def test_a_toast_is_not_shown_after_the_session_has_ended(browser: Client, path: str) -> None:
    leave_a_toast(browser)
    pass_time(browser, since_seen=3600)
    assert "secret-plan" not in text_of(browser.get(path, follow=True))


@pytest.mark.parametrize("path", ["/toasts/", DISKS])
def test_a_toast_is_not_shown_to_another_user(cloud: FakeCloud, browser: Client, path: str) -> None:
    leave_a_toast(browser)
    cloud.snapshots = []
    sign_in_as_bob(cloud, browser)
    assert "secret-plan" not in text_of(browser.get(path, headers=HTMX if path == "/toasts/" else {}))


def test_a_toast_is_shown_to_its_user_who_signs_in_again(browser: Client) -> None:
    leave_a_toast(browser)
    sign_in(browser)
    assert "secret-plan" in text_of(browser.get("/toasts/"))


def test_a_form_is_carried_to_its_own_user_only(cloud: FakeCloud, browser: Client) -> None:
    sent = page_fields(browser.get(DIALOG))
    pass_time(browser, since_seen=3600)
    page = browser.post(DIALOG, {**sent, "name": "secret-plan"})
    carried = Page(page).hidden("carried")[0]
    answer = sign_in_as_bob(cloud, browser, carried=carried, next=DIALOG)
    assert answer["Location"] == DIALOG
    assert "secret-plan" not in text_of(browser.get(DIALOG))
    cloud.user = {"id": USER, "name": "ann"}
    assert sign_in(browser, carried=carried, next=DIALOG)["Location"].startswith(f"{DIALOG}?")


def revoked(cloud: FakeCloud) -> list[str]:
    return [one.headers["X-Subject-Token"] for one in cloud.requests(KEYSTONE) if one.method == "DELETE"]


@pytest.mark.parametrize("has_ended", [False, True])
@pytest.mark.parametrize("user", [USER, BOB])
def test_the_token_of_before_is_revoked(cloud: FakeCloud, browser: Client, has_ended: bool, user: str) -> None:
    if has_ended:
        pass_time(browser, since_seen=3600)
        browser.get(DISKS)
    assert revoked(cloud) == []
    cloud.user, cloud.unscoped_token = {"id": user, "name": "x"}, "new-token"
    sign_in(browser)
    assert revoked(cloud) == [UNSCOPED]
    sign_in(browser)
    assert revoked(cloud) == [UNSCOPED, "new-token"]


@pytest.mark.parametrize("status", [401, 404, 500])
def test_signing_in_works_where_revoking_fails(cloud: FakeCloud, browser: Client, status: int) -> None:
    cloud.http.delete(f"{KEYSTONE}/auth/tokens", status_code=status)
    sign_in(browser)
    assert browser.get(DISKS).status_code == 200
