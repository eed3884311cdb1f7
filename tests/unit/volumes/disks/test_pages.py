"""The Disks page."""

from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import Answer, an_id, fault, volume
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.pages import (
    HERE,
    Page,
    alerts,
    is_whole,
    link,
    menu_of,
    names,
    rows,
    rows_by_id,
    text_of,
    words,
)

URL = f"{HERE}/disks/"
READS = "Your role in this project is read-only."


def test_it_shows_the_disks(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2, name="root", bootable="true", size=40)]
    answer = signed_in.get(URL)
    assert answer.status_code == 200
    page = Page(answer)
    assert page.has("heading", "Disks")
    assert "2 disks" in page.text
    assert names(answer) == ["data", "root"]
    row = rows_by_id(answer)[an_id(2)]
    cells = [cell.text for cell in row.find_all("cell")]
    assert cells[2:5] == ["Yes", "ceph-ssd nova", "40 GB"]
    assert row.has("button", "Actions for root")
    assert row.find("link", "root")["href"] == f"{URL}{an_id(2)}/"
    for name in ("Create disk", "Delete disk", "Create snapshots"):
        assert "aria-disabled" not in page.find("button", name)


def test_it_tells_disks_of_one_name_apart(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="twin"), volume(2, name="twin "), volume(3, name="other")]
    cloud.volumes[1]["id"] = "feedc0de-0000-4000-8000-000000000002"
    for headers in ({}, HTMX):
        row_of = rows_by_id(signed_in.get(URL, headers=headers))
        assert an_id(1)[:8] in row_of[an_id(1)].text
        assert "feedc0de" in row_of[cloud.volumes[1]["id"]].text
        assert an_id(3)[:8] not in row_of[an_id(3)].text
    cloud.volumes[0]["status"] = "error"
    seen = {"seen": f"{an_id(1)}:creating"}
    assert an_id(1)[:8] in rows_by_id(signed_in.get(f"{URL}changes/", seen, headers=HTMX))[an_id(1)].text


def test_it_gives_the_table_alone_to_htmx(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    page, part = signed_in.get(URL), signed_in.get(URL, headers=HTMX)
    assert (is_whole(page), is_whole(part)) == (True, False)
    assert [Page(answer).by_id("table") is not None for answer in (page, part)] == [True, True]
    assert names(page) == names(part) == ["disk-1"]
    assert ["HX-Request" in answer["Vary"] for answer in (page, part)] == [True, True]


@pytest.mark.parametrize("extra", ["HX-Boosted", "HX-History-Restore-Request"])
def test_it_gives_the_whole_page_to_boosted_links_and_history(signed_in: Client, extra: str) -> None:
    assert is_whole(signed_in.get(URL, headers={**HTMX, extra: "true"}))


def test_it_names_an_unnamed_disk_by_its_id(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="")]
    row = rows_by_id(signed_in.get(URL, headers=HTMX))[an_id(1)]
    assert row.has("checkbox", f"Select {an_id(1)}")
    assert row.has("link", an_id(1))
    assert row.has("button", f"Actions for {an_id(1)}")


def test_it_escapes_what_people_named_their_disks(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name='"><script>alert(1)</script>', volume_type="<b>", availability_zone="<i>")]
    part = signed_in.get(URL, headers=HTMX)
    assert names(part) == ['"><script>alert(1)</script>']
    assert not any(markup in text_of(part) for markup in ("<script>alert", "<b>", "<i>"))


def test_it_leads_to_the_snapshots_of_a_disk(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    opened = menu_of(signed_in.get(URL, headers=HTMX))
    assert opened.find("menuitem", "Snapshot list")["href"] == f"{URL}{an_id(1)}/snapshots/"


def test_it_says_that_an_empty_project_is_empty(signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    assert Page(part).has("heading", "No disks yet")
    assert rows(part) == []


def test_it_finds_a_part_of_a_name(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="Archive"), volume(2, name="other")]
    assert names(signed_in.get(URL, {"q": "ARCH"}, headers=HTMX)) == ["Archive"]


def test_it_says_what_was_searched_for_in_vain(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    told = words(signed_in.get(URL, {"q": "<nowhere>"}, headers=HTMX))
    assert "No disk's name contains “<nowhere>”." in told
    assert "No disks yet" not in told


def test_it_turns_pages_forth_and_back_in_the_same_order(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(41, 0, -1)]
    first = signed_in.get(URL, {"sort": "-size"}, headers=HTMX)
    assert not [one for one in Page(first).find_all("link") if one["rel"] == "prev"]
    second = signed_in.get(URL + link(first, "next"), headers=HTMX)
    assert cloud.query()["sort"] == "size:desc"
    assert names(second) == [f"disk-{number}" for number in range(21, 1, -1)]
    third = signed_in.get(URL + link(second, "next"), headers=HTMX)
    assert names(third) == ["disk-1"]
    assert not [one for one in Page(third).find_all("link") if one["rel"] == "next"]
    again = signed_in.get(URL + link(third, "prev"), headers=HTMX)
    assert cloud.query()["sort"] == "size:asc"
    assert names(again) == names(second)


def test_it_falls_back_to_page_one_where_the_marker_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    part = signed_in.get(URL, {"marker": an_id(77)}, headers=HTMX)
    assert part.status_code == 200
    assert Page(part).has("status", "That position in the list no longer exists: this is its first page.")
    assert names(part) == ["disk-1"]


def test_it_does_not_call_a_project_empty_beyond_its_last_disk(cloud: FakeCloud, signed_in: Client) -> None:
    """The last page's only disk was deleted meanwhile: the table is read again at the same position."""
    cloud.volumes = [volume(2), volume(1)]
    assert "No disks yet" not in words(signed_in.get(URL, {"marker": an_id(1)}, headers=HTMX))


def test_it_marks_the_sorted_column(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    page = Page(signed_in.get(URL, {"sort": "name"}, headers=HTMX))
    sorted_by = {column.name: column["aria-sort"] for column in page.find_all("columnheader") if column["aria-sort"]}
    assert sorted_by == {"Name": "ascending"}
    assert page.find("columnheader", "Name").find("link")["href"] == "?sort=-name"


def test_it_survives_rows_that_lack_everything_or_make_no_sense(cloud: FakeCloud, signed_in: Client) -> None:
    nonsense: list[Answer] = [
        {"attachments": 7},
        {"attachments": [None, "x", {"server_id": None}]},
        {"size": "big"},
        {"name": ["x"]},
        {"created_at": "0001-01-01T00:00:00"},
        {"created_at": "9999-12-31T23:59:59"},
        {"created_at": "yesterday"},
        {"status": "moonstruck"},
    ]
    cloud.volumes = [
        {"id": an_id(1)},
        dict.fromkeys(volume(2)) | {"id": an_id(2)},
        *(volume(number, **changes) for number, changes in enumerate(nonsense, 3)),
        # A row without a valid id can't be requested again.
        volume(98, id="volume-00000001"),
        volume(99),
    ]
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 200
    assert list(rows_by_id(part)) == [an_id(number) for number in (*range(1, 11), 99)]
    assert "moonstruck" in words(part)


def test_it_greys_writing_for_readers(cloud: FakeCloud, reader: Client) -> None:
    cloud.volumes = [volume(1)]
    answer = reader.get(URL)
    for name in ("Create disk", "Delete disk", "Create snapshots"):
        button = Page(answer).find("button", name)
        assert (button["aria-disabled"], button.description) == ("true", READS)
        assert not any(attribute in button for attribute in ("form", "hx-get", "hx-post", "href"))
    assert names(answer) == ["disk-1"]


@pytest.mark.usefixtures("db")
def test_it_asks_to_sign_in_there_or_over_the_page(client: Client) -> None:
    answer = client.get(f"{URL}?q=x")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next=%2Fp%2F{PROJECT}%2Fdisks%2F%3Fq%3Dx"
    part = client.get(URL, headers=HTMX)
    assert (part.status_code, part["HX-Retarget"]) == (401, "#sign-in")
    assert Page(part).find("dialog").field("Password")["type"] == "password"


def test_it_knows_no_project_without_an_id(cloud: FakeCloud, signed_in: Client) -> None:
    assert signed_in.get(f"/p/@{PROJECT}/disks/").status_code == 404
    assert cloud.asked() + cloud.asked(KEYSTONE) == []


def test_it_answers_a_head(signed_in: Client) -> None:
    assert signed_in.head(URL).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status", "reason"),
    [
        ({"exc": requests.ConnectionError("no route")}, 503, "The connection was interrupted."),
        ({"exc": requests.ReadTimeout("no route")}, 503, "It sent nothing for"),
        ({"status_code": 500, "json": fault("computeFault", 500, "No <route>.")}, 502, "No <route>."),
    ],
    ids=["no connection", "silence", "a fault"],
)
def test_it_never_calls_a_project_empty_when_the_cloud_fails(
    cloud: FakeCloud, signed_in: Client, wrong: dict[str, Any], status: int, reason: str
) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), **wrong)
    page, part = signed_in.get(URL, {"sort": "name"}), signed_in.get(URL, headers=HTMX)
    assert (page.status_code, part.status_code) == (status, status)
    assert reason in alerts(page)
    assert Page(page).find("link", "Try again")["href"] == f"{URL}?sort=name"
    assert "HX-Request" in page["Vary"]
    # The table stays as it is, and the alert appears in its own place.
    assert part["HX-Reswap"] == "none"
    brought = Page(part).by_id("alerts")
    assert brought
    assert brought["hx-swap-oob"] == "innerHTML"
    assert reason in brought.text
    assert "No disks yet" not in words(page) + words(part)


def test_it_asks_to_sign_in_when_cinder_takes_the_token_no_more(cloud: FakeCloud, signed_in: Client) -> None:
    """A token can be revoked long before it expires; a redirect from sign-in straight back would never end."""
    cloud.http.get(cloud.at("/volumes/detail"), status_code=401)
    page = Page(signed_in.get(URL, follow=True))
    assert [field["type"] for field in page.select("input[name=password]")] == ["password"]


def test_it_shows_the_disks_of_each_region(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.regions = ["North", "South"]
    client = enter()
    cloud.http.get("http://south.test/", json=cloud.versions())
    cloud.http.get(f"http://south.test/v3/{PROJECT}/volumes/detail", json={"volumes": [volume(5, name="penguin")]})
    assert names(client.get(f"/p/{PROJECT}@South/disks/", headers=HTMX)) == ["penguin"]
    assert client.get("/")["Location"] == f"/p/{PROJECT}@North/disks/"


def test_it_keeps_the_tabs_of_two_projects_apart(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    theirs = {"volumes": [volume(5, name="theirs")]}
    cloud.http.get(cloud.at("/volumes/detail", OTHER_PROJECT), json=theirs)
    cloud.volumes = [volume(1, name="ours")]
    assert names(client.get(f"/p/{OTHER_PROJECT}/disks/", headers=HTMX)) == ["theirs"]
    assert names(client.get(URL, headers=HTMX)) == ["ours"]
    assert [one.headers["X-Auth-Token"] for one in cloud.requests() if "detail" in one.url] == [
        cloud.scoped_token(OTHER_PROJECT),
        cloud.scoped_token(PROJECT),
    ]


@pytest.mark.parametrize(("before", "told"), [("", "?q=disk-1&sort=name"), ("?q=disk-1", None)])
def test_it_follows_the_search_box_on_a_refresh(signed_in: Client, before: str, told: str | None) -> None:
    """Text that was typed while the session had ended is sent along with the address of the present table."""
    table = Page(signed_in.get(URL, headers=HTMX)).by_id("table")
    assert table
    assert table["hx-include"].startswith("#search [name=q]")
    headers = {**HTMX, "HX-Trigger": "table", "HX-Current-URL": f"http://testserver{URL}{before}"}
    answer = signed_in.get(f"{URL}?q=&sort=name&q=disk-1", headers=headers)
    assert answer.get("HX-Replace-Url") == (told and f"{URL}{told}")


def test_the_filters_that_it_keeps_are_those_of_the_language_and_the_values(signed_in: Client) -> None:
    """Filters without values are kept in memory."""
    for _ in range(2):
        english = Page(signed_in.get(URL))
        russian = Page(signed_in.get(URL, headers={"Accept-Language": "ru"}))
        filtered = Page(signed_in.get(URL, {"status": "error"}))
        assert english.field("Status").value == ""
        assert russian.field("Статус").value == ""
        assert filtered.field("Status").value == "error"
