"""The user chooses the columns of a list, and the browser remembers them."""

import pytest
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page

DISKS, SNAPSHOTS, BACKUPS = (f"{HERE}/{name}/" for name in ("disks", "snapshots", "backups"))
OF_DISK = f"{DISKS}{an_id(1)}/snapshots/"
URL = f"{HERE}/columns/"


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="web", description="The <shop>", size=1200)]
    cloud.snapshots, cloud.backups = [snapshot(1001)], [backup(2001)]


def heads(client: Client, url: str, headers: dict[str, str] | None = None) -> list[str]:
    return [head.text for head in Page(client.get(url, headers=headers)).find_all("columnheader")]


def dialog(client: Client, url: str) -> Page:
    """The dialog that the list's button opens."""
    return Page(client.get(Page(client.get(url)).find("button", "Columns")["hx-get"], headers=HTMX))


def choose(client: Client, url: str, *columns: str) -> None:
    """Tick exactly these columns and press "Show"."""
    form = dialog(client, url).find("dialog", "Columns")
    hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    answer = client.post(URL, {**hidden, "columns": list(columns)})
    assert answer.status_code == 302
    assert answer["Location"].partition("?")[0] == url


@pytest.mark.parametrize(
    ("url", "usual", "added"),
    [
        (DISKS, ["Bootable", "Type", "Size", "Attached to"], ["Status", "Snapshots", "Created", "Description", "ID"]),
        (SNAPSHOTS, ["Disk", "Size", "Created", "Properties"], ["Status", "Description"]),
        (OF_DISK, ["Size", "Created"], ["Status", "Description"]),
        (BACKUPS, ["Disk", "Size", "Created", "Kind"], ["Status", "Description"]),
    ],
)
def test_it_offers_what_the_list_can_show(signed_in: Client, url: str, usual: list[str], added: list[str]) -> None:
    boxes = dialog(signed_in, url).find_all("checkbox")
    assert [box.name for box in boxes] == usual + added
    assert [box.name for box in boxes if "checked" in box] == usual
    assert heads(signed_in, url) == ["Name", *usual]


def test_it_shows_the_chosen_columns_in_pages_and_changed_rows(signed_in: Client) -> None:
    choose(signed_in, DISKS, "size", "id", "status", "description", "created_at", "snapshots")
    for headers in (None, HTMX):
        assert heads(signed_in, DISKS, headers) == [
            *("Name", "Size", "Status", "Snapshots", "Created", "Description", "ID")
        ]
    texts = [cell.text for cell in Page(signed_in.get(DISKS)).select("tbody td")]
    assert texts[2:4] == ["1,200 GB", "Available"]
    assert texts[6:8] == ["The <shop>", an_id(1)]
    changed = Page(signed_in.get(f"{DISKS}changes/?seen={an_id(1)}:creating", headers=HTMX))
    cells = changed.select("template td[class^=col-]") or changed.select("td[class^=col-]")
    assert [cell["class"] for cell in cells] == [
        f"col-{name}" for name in ("name", "size", "status", "snapshots", "created_at", "description", "id")
    ]


def test_the_name_always_stays(signed_in: Client) -> None:
    choose(signed_in, DISKS)
    assert heads(signed_in, DISKS) == ["Name"]


def test_each_list_has_its_own(signed_in: Client) -> None:
    choose(signed_in, SNAPSHOTS, "size")
    choose(signed_in, OF_DISK, "description")
    assert heads(signed_in, SNAPSHOTS) == ["Name", "Size"]
    assert heads(signed_in, OF_DISK) == ["Name", "Description"]
    assert "Bootable" in heads(signed_in, DISKS)


def test_it_can_be_sorted_by_a_column_that_was_added(cloud: FakeCloud, signed_in: Client) -> None:
    choose(signed_in, DISKS, "created_at")
    [link] = Page(signed_in.get(DISKS)).select("th.col-created_at a")
    signed_in.get(f"{DISKS}{link['href']}")
    assert cloud.query()["sort"].startswith("created_at")


@pytest.mark.parametrize("cookie", ["nonsense", "name.moon.size", "....", "size", "<script>"])
def test_it_ignores_what_it_did_not_store(signed_in: Client, cookie: str) -> None:
    choose(signed_in, DISKS, "size")
    [name] = [key for key in signed_in.cookies if "columns_disks" in key]
    signed_in.cookies[name] = cookie
    assert heads(signed_in, DISKS) in (["Name"], ["Name", "Size"])


def test_it_refuses_lists_that_there_are_not(signed_in: Client) -> None:
    assert signed_in.post(URL, {"list": "moons", "columns": ["size"]}).status_code == 404
    assert signed_in.get(URL, {"list": "moons"}).status_code == 404


def test_it_leads_to_no_other_site(signed_in: Client) -> None:
    answer = signed_in.post(URL, {"list": "disks", "columns": ["size"], "next": "https://evil.example.org/"})
    assert answer["Location"] == "/"


def test_it_leads_back_to_what_was_shown(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes[0]["name"] = "we&b"
    here = f"{DISKS}?q=we%26b&status=available&sort=name"
    form = dialog(signed_in, here)
    assert form.select("input[name=next]")[0]["value"] == here
    assert form.find("button", "Cancel")["href"] == here
