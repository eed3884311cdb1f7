"""The project's backups, and a Diskboard that offers none."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import FakeCloud, ago, an_id, backup, snapshot, volume
from tests.support.pages import HERE, entries, link, names, text_of, words

URL = f"{HERE}/backups/"
DETAIL = "GET /backups/detail"
PLAIN = {"limit": "21", "sort": "created_at:desc", "with_count": "true"}


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="root"), volume(1, name="data")]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [
        backup(2003, disk=2, name="increment", is_incremental=True, snapshot_id=an_id(1001)),
        backup(2002, disk=1, name="broken", status="error", fail_reason="The <disk> is full."),
        backup(2001, disk=2, name="base", size=40, has_dependent_backups=True),
    ]


def test_it_shows_the_backups(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert names(page) == ["increment", "broken", "base"]
    told = words(page)
    assert "Incremental of a snapshot" in told
    assert "Full" in told
    assert "40 GB" in told
    assert "3 in all" in told
    assert f'<td class="disk-{an_id(2)}"><a href="{HERE}/disks/{an_id(2)}/snapshots/">' in text_of(page)
    assert f"backups/details/?disks={an_id(2)},{an_id(1)}&amp;failed={an_id(2002)}" in text_of(page)
    assert cloud.asked() == [DETAIL]
    assert cloud.query() == PLAIN


def test_it_offers_to_restore_and_delete(signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert entries(page)[:2] == ["Restore to a new disk", "Delete backup"]
    text = text_of(page)
    assert f'hx-get="{URL}{an_id(2003)}/create-disk/"' in text
    assert f'hx-get="{URL}{an_id(2003)}/delete/"' in text
    # What can't be restored, and what increments need
    assert f"{an_id(2002)}/create-disk/" not in text
    assert f"{an_id(2001)}/delete/" not in text
    assert "Increments are based on it" in text


def test_it_gives_the_table_alone_to_htmx(signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    assert text_of(part).lstrip().startswith('<div id="table"')
    assert "HX-Request" in part["Vary"]


def test_it_says_that_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = []
    assert "No backups yet" in words(signed_in.get(URL))


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [{"id": an_id(2001)}, dict.fromkeys(backup(2002)) | {"id": an_id(2002)}]
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert names(page) == [an_id(2001), an_id(2002)]


def test_it_says_why_one_failed(signed_in: Client) -> None:
    text = text_of(signed_in.get(URL))
    assert "The &lt;disk&gt; is full." in text
    assert "backup service" not in text


@pytest.mark.parametrize("reason", ["Service not found for creating backup.", "Backup service is down."])
def test_it_says_plainly_that_there_is_no_service(cloud: FakeCloud, signed_in: Client, reason: str) -> None:
    """Cinder takes such a backup on and fails it afterwards; members can't list its services."""
    cloud.backups[1]["fail_reason"] = reason
    assert f"This cloud has no working backup service: its operator has to set one up. {reason}" in words(
        signed_in.get(URL)
    )


@pytest.mark.parametrize(
    ("wanted", "asked", "found"),
    [
        ({"status": "error"}, {"status": "error"}, ["broken"]),
        ({"disk": an_id(1)}, {"volume_id": an_id(1)}, ["broken"]),
        ({"disk": "root"}, {"volume_id": an_id(2)}, ["increment", "base"]),
    ],
)
def test_it_lets_cinder_filter(
    cloud: FakeCloud, signed_in: Client, wanted: dict[str, str], asked: dict[str, str], found: list[str]
) -> None:
    assert names(signed_in.get(URL, wanted)) == found
    assert cloud.query() == {**PLAIN, **asked}


def test_it_filters_itself_on_a_cloud_without_filters(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.filters["backup"] = []
    client = sign_in()
    assert names(client.get(URL, {"status": "error", "disk": "data", "q": "BRO"})) == ["broken"]
    assert cloud.query() == {"limit": "1000", "sort": "created_at:desc"}


@pytest.mark.parametrize(
    "nonsense", [{"status": "moonstruck"}, {"disk": " "}, {"older_than": "9"}, {"sort": "status"}], ids=str
)
def test_it_takes_nonsense_for_the_default(cloud: FakeCloud, signed_in: Client, nonsense: dict[str, str]) -> None:
    assert len(names(signed_in.get(URL, nonsense))) == 3
    assert cloud.query() == PLAIN


def test_it_says_what_was_asked_for_in_vain(signed_in: Client) -> None:
    told = words(signed_in.get(URL, {"q": "nowhere", "status": "restoring"}))
    assert "No backup whose name or id contains “nowhere” passes these filters: status Restoring." in told


def test_it_turns_pages_and_selects_all_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(number, name=str(number), status="error") for number in range(2045, 2000, -1)]
    first = signed_in.get(URL, {"status": "error"})
    assert "Select all 45 that match" in words(first)
    second = signed_in.get(URL + link(first, "next"))
    assert names(second)[0] == "2025"
    assert cloud.query()["status"] == "error"
    text = text_of(signed_in.get(URL, {"status": "error", "select": "all"}))
    assert 'name="matching" value="?status=error" data-matching="45"' in text


def test_it_greys_writing_for_readers(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    text = text_of(sign_in().get(URL))
    assert 'aria-describedby="delete-refusal"' in text
    assert '<a role="menuitem"' not in text


def test_it_tells_what_has_become_of_them(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001, disk=2, name="made"), backup(2002, status="restoring", updated_at=ago())]
    seen = f"{an_id(2001)}:creating,{an_id(2002)}:restoring,{an_id(2003)}:deleting"
    part = signed_in.get(f"{URL}changes/", {"seen": seen}, headers=HTMX)
    assert part.status_code == 200
    text = text_of(part)
    assert f'<tr id="row-{an_id(2001)}" hx-swap-oob="true">' in text
    assert f'<tr id="row-{an_id(2003)}" hx-swap-oob="delete">' in text
    assert f"row-{an_id(2002)}" not in text
    assert ">root</a>" in text


def test_it_has_nothing_to_say_while_nothing_changes(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2002, status="creating", updated_at=ago())]
    assert signed_in.get(f"{URL}changes/", {"seen": f"{an_id(2002)}:creating"}).status_code == 204
    assert cloud.asked() == [DETAIL]


OFF = [
    URL,
    f"{URL}changes/",
    f"{URL}delete/",
    f"{URL}{an_id(2001)}/delete/",
    f"{HERE}/disks/{an_id(1)}/create-backup/",
    f"{HERE}/disks/{an_id(1)}/snapshots/{an_id(1001)}/create-backup/",
    f"{URL}{an_id(2001)}/create-disk/",
    f"{URL}details/?failed={an_id(2001)}",
]


@pytest.mark.parametrize("url", OFF)
def test_it_is_not_there_where_backups_are_off(
    cloud: FakeCloud, signed_in: Client, settings: Settings, url: str
) -> None:
    assert signed_in.get(url).status_code in {200, 204}
    settings.BACKUPS = False
    cloud.forget()
    assert signed_in.get(url).status_code == 404
    assert cloud.asked() == []


def test_it_is_not_offered_where_backups_are_off(signed_in: Client, settings: Settings) -> None:
    pages = [f"{HERE}/disks/", f"{HERE}/snapshots/", f"{HERE}/snapshots/{an_id(1001)}/"]
    for page in pages:
        text = text_of(signed_in.get(page))
        assert f'<a href="{URL}">Backups</a>' in text
        assert "create-backup/" in text
    settings.BACKUPS = False
    for page in pages:
        text = text_of(signed_in.get(page))
        assert URL not in text
        assert "create-backup/" not in text
        assert "Create backup" not in words(text)
