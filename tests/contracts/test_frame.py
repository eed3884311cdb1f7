"""What holds for every page: health, caches, policies, language, time zone."""

import re

import pytest
import requests
from django.template.base import Template
from django.test import Client
from django.test.utils import override_script_prefix

from tests.support.canned import HTMX
from tests.support.fake_cloud import KEYSTONE, PROJECT, FakeCloud, an_id, snapshot, volume

DISKS = f"/p/{PROJECT}/disks/"
DISK = f"{DISKS}{an_id(1)}/"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
PAGES = [
    DISKS,
    f"{DISKS}?q=x",
    f"{DISK}snapshots/",
    f"{DISK}create-snapshot/",
    f"/p/{PROJECT}/snapshots/{an_id(1001)}/delete/",
    f"/p/{PROJECT}/disks/{an_id(9)}/snapshots/",
    f"/p/{PROJECT}/disks/changes/?seen={an_id(1)}:creating",
    "/p/nowhere/disks/",
    "/nowhere/",
    "/toasts/",
    "/sign-out/",
    "/healthz",
]


@pytest.fixture
def full(cloud: FakeCloud, signed_in: Client) -> Client:
    cloud.volumes = [volume(1, status="in-use", attachments=[{"server_id": "s-1", "device": "/dev/vdb"}]), volume(2)]
    cloud.snapshots = [snapshot(1001), snapshot(1002, status="creating")]
    return signed_in


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_forbids_everything_but_its_own(full: Client, url: str, headers: dict[str, str]) -> None:
    answer = full.get(url, headers=headers)
    assert {one.strip() for one in answer["Content-Security-Policy"].split(";")} == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("url", PAGES)
def test_it_lets_nobody_keep_a_page(full: Client, url: str) -> None:
    cache = full.get(url)["Cache-Control"]
    assert "no-store" in cache
    assert "private" in cache


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_holds_nothing_inline(full: Client, url: str, headers: dict[str, str]) -> None:
    text = full.get(url, headers=headers).content.decode()
    assert not re.search(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+\s*=|hx-on|javascript:|[\"'\s]js:", text, re.IGNORECASE
    )


def test_it_tells_sign_in_pages_apart_from_nothing(client: Client, db: None) -> None:  # noqa: ARG001
    answer = client.get("/sign-in/")
    assert {one.strip() for one in answer["Content-Security-Policy"].split(";")} == POLICY
    assert "no-store" in answer["Cache-Control"]


def test_it_is_up_without_cloud_or_database(client: Client) -> None:
    for url in ("/healthz", "/healthz/"):
        answer = client.get(url)
        assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_it_is_ready_when_keystone_answers(cloud: FakeCloud, client: Client) -> None:
    assert client.get("/readyz").status_code == 200
    assert cloud.asked(KEYSTONE) == ["GET /v3"]
    assert "X-Auth-Token" not in cloud.requests(KEYSTONE)[0].headers


@pytest.mark.parametrize(
    "answer", [{"exc": requests.ConnectTimeout}, {"status_code": 500}, {"status_code": 503}], ids=str
)
def test_it_is_not_ready_when_keystone_is_not(cloud: FakeCloud, client: Client, answer: dict[str, object]) -> None:
    cloud.http.get(KEYSTONE, **answer)  # type: ignore[arg-type]
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_it_answers_watchers_that_ask_by_head(cloud: FakeCloud, client: Client, url: str) -> None:  # noqa: ARG001
    assert client.head(url).status_code == 200


def test_it_has_an_icon(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"] == "/static/icon.svg"


def test_it_refuses_a_form_without_its_token(cloud: FakeCloud, signed_in: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    for url in (f"{DISK}create-snapshot/", f"/p/{PROJECT}/snapshots/delete/", "/sign-out/", "/sign-in/"):
        answer = strict.post(url, {"name": "x", "key": "k", "ids": an_id(1001), "confirmed": "1"})
        assert answer.status_code == 403
        assert b"<h1>This form could not be checked</h1>" in answer.content
        assert "no-store" in answer["Cache-Control"]
    assert cloud.asked() == []


def test_it_says_that_there_is_no_such_page(signed_in: Client) -> None:
    answer = signed_in.get("/nowhere/")
    assert answer.status_code == 404
    assert b"<h1>There is no such page</h1>" in answer.content


def test_it_admits_a_fault_without_details(full: Client, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.template.base.Template.render", _explode_once())
    full.raise_request_exception = False
    answer = full.get(DISKS)
    assert answer.status_code == 500
    assert b"<h1>Diskboard has a fault</h1>" in answer.content
    assert b"secret detail" not in answer.content
    assert cloud.asked()


def test_it_speaks_the_browsers_language(full: Client) -> None:
    text = full.get(DISKS, headers={"Accept-Language": "ru-RU,ru;q=0.9"}).content.decode()
    assert '<html lang="ru">' in text
    assert "<h1>Диски</h1>" in text
    assert "Выбрать disk-2" in text


def test_it_speaks_english_to_everybody_else(full: Client) -> None:
    assert '<html lang="en">' in full.get(DISKS, headers={"Accept-Language": "fr"}).content.decode()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_language_is_offered_in_its_own_words(full: Client, language: str) -> None:
    text = full.get(DISKS, headers={"Accept-Language": language}).content.decode()
    offered = re.findall(r'<option value="(\w+)" lang="(\w+)"(?: selected)?>(\w+)</option>', text)
    assert offered == [("en", "en", "English"), ("ru", "ru", "Русский")]


def test_it_switches_the_language(full: Client) -> None:
    answer = full.post("/language/setlang/", {"language": "ru", "next": DISKS})
    assert answer["Location"] == DISKS
    text = full.get(DISKS, headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="ru">' in text
    assert 'value="ru" lang="ru" selected' in text
    # It is kept when the browser is closed.
    assert int(answer.cookies["django_language"]["max-age"]) >= 300 * 24 * 3600
    for url in ("/no-such-page/", "/sign-in/?next=x"):
        page = full.get(url, headers={"Accept-Language": "en"})
        assert page.status_code == 302 or '<html lang="ru">' in page.content.decode()


def test_it_switches_the_language_nowhere_else(full: Client) -> None:
    answer = full.post("/language/setlang/", {"language": "ru", "next": "https://evil.test/"})
    assert answer["Location"] == "/"


def test_it_shows_times_in_the_browsers_zone(full: Client, cloud: FakeCloud) -> None:
    cloud.snapshots = [snapshot(1001, created_at="2026-03-02T22:30:00.000000")]
    full.cookies["timezone"] = "Asia%2FVladivostok"
    text = full.get(f"{DISK}snapshots/").content.decode()
    assert "3 Mar 2026 08:30" in text
    assert 'datetime="2026-03-02T22:30:00+00:00"' in text


@pytest.mark.parametrize(
    "zone",
    ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "a%00b", "%FF", "Europe", "x" * 999, ".", "__init__/x"],
)
def test_it_shows_utc_for_zones_that_are_none(full: Client, cloud: FakeCloud, zone: str) -> None:
    cloud.snapshots = [snapshot(1001, created_at="2026-03-02T22:30:00.000000")]
    full.cookies["timezone"] = zone
    assert "2 Mar 2026 22:30" in full.get(f"{DISK}snapshots/").content.decode()


def test_it_forgets_the_zone_for_the_next_person(full: Client, cloud: FakeCloud) -> None:
    cloud.snapshots = [snapshot(1001, created_at="2026-03-02T22:30:00.000000")]
    full.cookies["timezone"] = "Asia/Vladivostok"
    full.get(f"{DISK}snapshots/")
    del full.cookies["timezone"]
    assert "2 Mar 2026 22:30" in full.get(f"{DISK}snapshots/").content.decode()


def test_it_configures_htmx_strictly(client: Client, db: None) -> None:  # noqa: ARG001
    text = client.get("/sign-in/").content.decode()
    for setting in (
        '"allowEval":false',
        '"allowScriptTags":false',
        '"includeIndicatorStyles":false',
        '"historyCacheSize":0',
        '"selfRequestsOnly":true',
    ):
        assert setting in text


def test_it_lives_under_a_prefix(full: Client) -> None:
    with override_script_prefix("/diskboard/"):
        text = full.get(DISKS, SCRIPT_NAME="/diskboard").content.decode()
    # STATIC_URL is made of URL_PREFIX once, at the start: see test_settings.py
    paths = re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"]*)"', text)
    assert paths
    assert [one for one in paths if not one.startswith(("/diskboard/", "/static/"))] == []


def test_it_adds_no_region_where_there_is_one(full: Client) -> None:
    assert full.get(f"/p/{PROJECT}@RegionOne/disks/?q=x")["Location"] == f"{DISKS}?q=x"


def _explode_once() -> object:
    real = Template.render
    left = [1]

    def render(self: Template, context: object) -> str:
        if left:
            left.pop()
            raise ValueError("secret detail")
        return real(self, context)  # type: ignore[arg-type]

    return render
