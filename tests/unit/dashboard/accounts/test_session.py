"""How long a session lasts, and how interrupted work continues after signing in again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.accounts.session import KEY
from tests.support.canned import HTMX, SENT, SignIn, pass_time
from tests.support.cloud_rows import USER, an_id, backup, snapshot, unknown_to_keystone, volume
from tests.support.fake_cloud import CREDENTIAL, CREDENTIAL_SECRET, KEYSTONE, OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.html import Element
from tests.support.pages import HERE, Answered, Page, alerts, is_whole, sent_by, triggered, triggers

DISKS = f"{HERE}/disks/"
DIALOG = f"{DISKS}{an_id(1)}/create-snapshot/"
LISTENS = "signed-in from:body"
BY_CREDENTIAL = {"credential": CREDENTIAL, "secret": CREDENTIAL_SECRET}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]


def is_over(client: Client) -> bool:
    answer = client.get(DISKS)
    assert answer.status_code in {200, 302}
    return answer.status_code == 302


def ways_back(answer: Answered) -> list[str]:
    """The address that each way of signing in leads to."""
    forms = [form for form in Page(answer).find_all("form") if form["action"] == "/sign-in/"]
    return [address for form in forms for address in form.hidden("next")]


def asking(answer: Answered, url: str) -> list[Element]:
    """The elements that send requests to that address by themselves."""
    return [one for one in Page(answer).select("[hx-post]") if one["hx-post"] == url and "hx-trigger" in one]


def seen_at(client: Client) -> float:
    return float(client.session[KEY]["seen_at"])


def test_it_ends_after_a_while_without_a_person(signed_in: Client, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    pass_time(signed_in, since_seen=29 * 60)
    assert not is_over(signed_in)
    pass_time(signed_in, since_seen=29 * 60)
    assert not is_over(signed_in)
    pass_time(signed_in, since_seen=30 * 60)
    assert is_over(signed_in)
    assert KEY not in signed_in.session


def test_it_ends_some_hours_after_signing_in_whatever_one_does(signed_in: Client, settings: Settings) -> None:
    settings.SESSION_HOURS = 2
    for _ in range(3):
        pass_time(signed_in, since_sign_in=39 * 60, since_seen=39 * 60)
        assert not is_over(signed_in)
    pass_time(signed_in, since_sign_in=3 * 60 + 1)
    assert is_over(signed_in)


@pytest.mark.parametrize(("lives", "over"), [({"seconds": -1}, True), ({"minutes": 5}, False)])
def test_it_ends_with_the_clouds_own_token(signed_in: Client, lives: dict[str, int], over: bool) -> None:
    session = signed_in.session
    expires_at = datetime.now(UTC) + timedelta(**lives)
    session[KEY] = {**session[KEY], "login": {**session[KEY]["login"], "expires_at": expires_at.isoformat()}}
    session.save()
    assert is_over(signed_in) is over


def test_it_begins_anew_with_each_sign_in(signed_in: Client) -> None:
    pass_time(signed_in, since_sign_in=11 * 3600)
    signed_in.post("/sign-in/", SENT)
    pass_time(signed_in, since_sign_in=11 * 3600)
    assert not is_over(signed_in)


@pytest.mark.parametrize("lacks", ["signed_in_at", "seen_at"])
def test_it_ends_with_an_update_that_keeps_more(signed_in: Client, lacks: str) -> None:
    """Session data of an older Diskboard is not a session, and causes no errors on the pages."""
    session = signed_in.session
    session[KEY] = {name: value for name, value in session[KEY].items() if name != lacks}
    session.save()
    assert signed_in.get("/sign-in/").status_code == 200
    assert is_over(signed_in)
    assert signed_in.post("/sign-in/", SENT).status_code == 302
    assert not is_over(signed_in)


@pytest.mark.parametrize("url", ["/", "/disks/", DISKS])
def test_it_ends_for_every_address(signed_in: Client, url: str) -> None:
    pass_time(signed_in, since_seen=3600)
    assert urlsplit(signed_in.get(url)["Location"]).path == "/sign-in/"
    assert Page(signed_in.get("/sign-in/")).field("Password")


def test_it_asks_to_sign_in_before_it_switches(signed_in: Client) -> None:
    pass_time(signed_in, since_seen=3600)
    assert signed_in.post("/switch-project/", {"project": PROJECT}).status_code == 401


def test_it_writes_the_session_once_a_minute_at_the_most(signed_in: Client, django_assert_num_queries: Any) -> None:
    signed_in.get(DISKS)
    for _ in range(3):
        with django_assert_num_queries(1) as asked:
            signed_in.get(DISKS)
        assert asked.captured_queries[0]["sql"].startswith("SELECT")
    pass_time(signed_in, since_seen=61)
    before = seen_at(signed_in)
    signed_in.get(DISKS)
    after = seen_at(signed_in)
    assert after >= before + 61
    with django_assert_num_queries(1):
        signed_in.get(DISKS)
    assert seen_at(signed_in) == after


@pytest.mark.parametrize(
    ("headers", "counts"),
    [
        ({}, True),
        (HTMX, True),
        ({**HTMX, "HX-Trigger": "table"}, True),
        ({**HTMX, "HX-Trigger": "poller"}, False),
        ({**HTMX, "HX-Trigger": "one"}, False),
    ],
    ids=repr,
)
def test_it_is_prolonged_only_by_a_person(signed_in: Client, headers: dict[str, str], counts: bool) -> None:
    pass_time(signed_in, since_seen=120)
    before = seen_at(signed_in)
    assert signed_in.get(f"{DISKS}changes/", headers=headers).status_code in {200, 204, 286}
    assert (seen_at(signed_in) > before) is counts


@pytest.mark.parametrize("path", [f"disks/{an_id(1)}/", f"snapshots/{an_id(1001)}/"])
def test_it_is_not_prolonged_by_a_page_that_watches(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    """A page that keeps watching a resource doesn't keep the user signed in, and neither do its fragments."""
    server = {"server_id": an_id(5000), "device": "/dev/vdb"}
    cloud.servers = [{"id": an_id(5000), "name": "web"}]
    signed_in.post("/sign-in/", SENT)
    cloud.volumes = [volume(1, status="deleting", attachments=[server])]
    cloud.snapshots = [snapshot(1001, status="deleting")]
    loading = [
        one
        for one in Page(signed_in.get(f"{HERE}/{path}")).select("[hx-get]")
        if any(trigger.startswith("load") for trigger in triggers(one))
    ]
    assert len(loading) == (3 if path.startswith("disks") else 2)
    pass_time(signed_in, since_seen=120)
    before = seen_at(signed_in)
    for one in loading:
        trigger = {"HX-Trigger": one["id"]} if one["id"] else {}
        assert signed_in.get(one["hx-get"], headers={**HTMX, **trigger}).status_code == 200
        assert seen_at(signed_in) == before


def test_it_ends_under_a_poller_and_says_so_over_the_page(signed_in: Client) -> None:
    pass_time(signed_in, since_seen=3600)
    answer = signed_in.get(f"{DISKS}changes/", headers={**HTMX, "HX-Trigger": "poller"})
    assert answer.status_code == 401
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#sign-in", "innerHTML")
    assert alerts(answer) == "Your session has ended. Sign in again."
    assert not is_whole(answer)


def test_it_leads_back_to_the_page(signed_in: Client) -> None:
    pass_time(signed_in, since_seen=3600)
    answer = signed_in.get(f"{DISKS}?q=x&sort=name")
    page = signed_in.get(answer["Location"])
    assert ways_back(page) == [f"{DISKS}?q=x&sort=name"] * 2
    assert signed_in.post("/sign-in/", {**SENT, "next": f"{DISKS}?q=x"})["Location"] == f"{DISKS}?q=x"


def test_it_ends_for_a_token_that_was_revoked(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder rejects the token."""
    cloud.http.get(cloud.at("/volumes/detail"), status_code=401)
    assert urlsplit(signed_in.get(f"{DISKS}?q=1")["Location"]).path == "/sign-in/"
    assert KEY not in signed_in.session
    cloud.forget()
    assert signed_in.get(f"{HERE}/snapshots/").status_code == 302
    assert cloud.asked() == []


def test_it_ends_for_a_revoked_token_at_the_next_project(cloud: FakeCloud, enter: SignIn) -> None:
    """Keystone, asked for that project's token, answers that it doesn't know the user's token."""
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    cloud.http.post(f"{KEYSTONE}/auth/tokens", **unknown_to_keystone())
    over_page = client.get(f"/p/{OTHER_PROJECT}/disks/", headers=HTMX)
    assert (over_page.status_code, over_page["HX-Retarget"]) == (401, "#sign-in")
    assert KEY not in client.session


def test_it_keeps_the_form_that_a_revoked_token_stopped(cloud: FakeCloud, signed_in: Client) -> None:
    sent = sent_by(signed_in.get(DIALOG, headers=HTMX), name="before")
    cloud.http.post(cloud.at("/snapshots"), status_code=401)
    over_page = signed_in.post(DIALOG, sent, headers=HTMX)
    assert (over_page.status_code, over_page["HX-Retarget"]) == (401, "#sign-in")
    assert cloud.snapshots == []
    again = FakeCloud(cloud.http)
    again.volumes = cloud.volumes
    answer = signed_in.post("/sign-in/", {**SENT, "page_user": USER}, headers=HTMX)
    assert (answer.status_code, triggered(answer)) == (204, {"signed-in"})
    assert signed_in.post(DIALOG, sent, headers=HTMX).status_code == 204
    assert [one["name"] for one in again.snapshots] == ["before"]


@pytest.mark.parametrize("way", [SENT, BY_CREDENTIAL], ids=["password", "application credential"])
def test_it_carries_on_what_was_typed_without_a_script(
    cloud: FakeCloud, signed_in: Client, way: dict[str, str]
) -> None:
    typed = {"name": "before <the> upgrade", "description": "why", "properties": "a=1", "key": "k1", "page_user": USER}
    pass_time(signed_in, since_seen=3600)
    page = signed_in.post(DIALOG, typed)
    assert page.status_code == 401
    assert is_whole(page)
    carried, again = Page(page).hidden("carried")
    assert carried == again
    assert ways_back(page) == [DIALOG] * 2
    form = signed_in.post("/sign-in/", {**way, "carried": carried, "next": DIALOG}, follow=True)
    assert form.redirect_chain[0][0].startswith(f"{DIALOG}?")
    kept = sent_by(form)
    assert {name: kept[name] for name in typed} == typed
    assert signed_in.post(DIALOG, kept).status_code == 302
    assert [one["name"] for one in cloud.snapshots] == ["before <the> upgrade"]


@pytest.mark.parametrize("way", [SENT, BY_CREDENTIAL], ids=["password", "application credential"])
def test_it_carries_on_after_a_slip_of_the_finger(cloud: FakeCloud, signed_in: Client, way: dict[str, str]) -> None:
    pass_time(signed_in, since_seen=3600)
    [carried, _] = Page(signed_in.post(DIALOG, {"name": "x", "key": "k1", "page_user": USER})).hidden("carried")
    with_secret = {**way, "carried": carried, "next": DIALOG}
    wrong = {name: "wrong" if name in {"password", "secret"} else value for name, value in with_secret.items()}
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401)
    page = signed_in.post("/sign-in/", wrong)
    assert page.status_code == 401
    assert Page(page).hidden("carried") == [carried] * 2
    assert ways_back(page) == [DIALOG] * 2


def test_it_goes_on_with_a_deletion_after_signing_in(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(number) for number in range(1001, 1061)]
    url = f"{HERE}/snapshots/delete/run/"
    sent: dict[str, Any] = {"ids": [one["id"] for one in cloud.snapshots]}
    first = signed_in.post(url, sent, headers=HTMX)
    [chunk] = asking(first, url)
    assert triggers(chunk) == {"load", LISTENS}
    rest = {**sent_by(first), "ids": chunk.hidden("ids")}
    assert 0 < len(rest["ids"]) < 60
    pass_time(signed_in, since_seen=3600)
    assert signed_in.post(url, rest, headers=HTMX)["HX-Retarget"] == "#sign-in"
    assert triggered(signed_in.post("/sign-in/", {**SENT, "page_user": USER}, headers=HTMX)) == {"signed-in"}
    for _ in range(60):
        answer = signed_in.post(url, rest, headers=HTMX)
        rest = {**sent_by(answer), "ids": Page(answer).hidden("ids")}
        if not rest["ids"]:
            break
    assert {one["status"] for one in cloud.snapshots} == {"deleting"}


def test_it_goes_on_with_several_snapshots_after_signing_in(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(1, 25)]
    url = f"{DISKS}create-snapshots/run/"
    part = signed_in.post(f"{DISKS}create-snapshots/", {"ids": [one["id"] for one in cloud.volumes]}, headers=HTMX)
    first = signed_in.post(url, {**sent_by(part), "ids": Page(part).hidden("ids")}, headers=HTMX)
    [chunk] = asking(first, url)
    assert (chunk["hx-target"], triggers(chunk)) == ("#dialog", {"load", LISTENS})
    rest: dict[str, Any] = {**sent_by(first), "ids": chunk.hidden("ids")}
    pass_time(signed_in, since_seen=3600)
    assert signed_in.post(url, rest, headers=HTMX)["HX-Retarget"] == "#sign-in"
    signed_in.post("/sign-in/", {**SENT, "page_user": USER}, headers=HTMX)
    assert Page(signed_in.post(url, rest, headers=HTMX)).hidden("ids") == []
    assert sorted(one["volume_id"] for one in cloud.snapshots) == sorted(one["id"] for one in cloud.volumes)


@pytest.mark.parametrize(
    ("path", "listener"),
    [
        ("disks/", "table"),
        (f"disks/{an_id(1)}/snapshots/", "table"),
        ("snapshots/", "table"),
        ("backups/", "table"),
        (f"disks/{an_id(1)}/", "one"),
        (f"snapshots/{an_id(1001)}/", "one"),
    ],
)
def test_it_looks_again_after_signing_in(cloud: FakeCloud, signed_in: Client, path: str, listener: str) -> None:
    """Requests that failed meanwhile are repeated."""
    cloud.snapshots, cloud.backups = [snapshot(1001)], [backup(2001)]
    found = Page(signed_in.get(f"{HERE}/{path}")).by_id(listener)
    assert found
    assert LISTENS in triggers(found)


def test_it_reads_the_quota_again_after_signing_in(signed_in: Client) -> None:
    [bar] = [one for one in Page(signed_in.get(DISKS)).select("[hx-get]") if one["hx-get"].endswith("/capacity/")]
    assert LISTENS in triggers(bar)


def test_it_mixes_no_projects(cloud: FakeCloud, enter: SignIn) -> None:
    """Two tabs of one session: each request uses its own project's token."""
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    for _ in range(2):
        for project in (PROJECT, OTHER_PROJECT):
            cloud.forget()
            assert client.get(f"/p/{project}/disks/").status_code == 200
            assert {one.headers["X-Auth-Token"] for one in cloud.requests()} == {cloud.scoped_token(project)}
            assert {f"/v3/{project}/" in one.url for one in cloud.requests() if "detail" in one.url} == {True}
    assert set(client.session[KEY]["scoped"]) == {PROJECT, OTHER_PROJECT}


def test_it_asks_for_a_projects_token_once(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    for _ in range(2):
        client.get(f"/p/{OTHER_PROJECT}/disks/")
        client.get(f"/p/{PROJECT}/disks/")
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
