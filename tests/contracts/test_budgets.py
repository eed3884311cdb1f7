"""The limits for a page: requests to the cloud, queries."""

from collections import Counter
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import an_id, backup, message, snapshot, volume
from tests.support.fake_cloud import CINDER, KEYSTONE, NOVA, PROJECT, FakeCloud
from tests.support.pages import all_sent_by, loads
from tests.support.views import BOTH_WAYS, VIEWS

DISKS = f"/p/{PROJECT}/disks/"
DISK = f"{DISKS}{an_id(1)}/"
SNAPSHOTS = f"/p/{PROJECT}/snapshots/"
SNAPSHOT = f"{SNAPSHOTS}{an_id(1001)}/"
BACKUPS = f"/p/{PROJECT}/backups/"
LISTS = [DISKS, f"{DISK}snapshots/", SNAPSHOTS, BACKUPS]
# A list without a filter, as its details name it to have it counted
ALL = "matching=%3F"
TWENTY = ",".join(an_id(number) for number in range(1, 21))
HUNDRED = ",".join(an_id(number) for number in range(1, 101))
# What the head of a list reads
CAPACITY = ("GET /limits", f"GET /os-quota-sets/{PROJECT}", "GET /volumes/summary")
COSTS = [
    (DISKS, 1),
    (f"{DISKS}?sort=-size&per_page=100", 1),
    (f"{DISKS}?q=disk", 1),
    # The row itself, and the number of its snapshots
    (f"{DISKS}changes/?seen={an_id(120)}:creating", 2),
    (f"{DISKS}?status=in-use&bootable=no&zone=nova&attached=yes&type=ceph-ssd&q=production", 1),
    (f"{DISKS}?no_snapshot_for=30", 2),
    (f"{DISKS}create/", 4),
    (f"{DISKS}create/?source=nonsense", 4),
    # A selection is sent by POST.
    (f"{DISKS}delete/", 0),
    (f"{DISKS}delete/command/", 0),
    (f"{DISKS}delete/run/", 0),
    (f"{DISKS}create-snapshots/", 0),
    (f"{DISKS}create-snapshots/command/", 0),
    (f"{DISKS}create-snapshots/run/", 0),
    (f"/p/{PROJECT}/columns/?list=disks", 0),
    # The quota, that of each type, and the size of all disks
    (f"{DISKS}capacity/", 3),
    (f"{DISKS}filter-choices/", 2),
    (f"{DISKS}instances/?ids={HUNDRED}", 0),
    (DISK, 1),
    (f"{DISK}actions/", 1),
    (f"{DISK}more/", 1),
    (f"{DISK}clone/", 3),
    (f"{DISK}rename/", 1),
    # The disk, and the quotas of the project and of the disk's type
    (f"{DISK}resize/", 3),
    # The disk, the types, and their quotas
    (f"{DISK}change-type/", 3),
    (f"{DISK}properties/", 2),
    (f"{DISK}bootable/", 1),
    # Once to see whether it exists, once for the preview, and its snapshots
    (f"{DISK}delete/", 3),
    (f"{DISK}snapshots/", 2),
    (f"{DISK}snapshots/?q=x", 2),
    # The row itself, and its disk
    (f"{DISK}snapshots/changes/?seen={an_id(1120)}:creating", 2),
    # The disk, the used names, and the quotas of the project and of the disk's type
    (f"{DISK}create-snapshot/", 4),
    # Data from other resources, in one fragment
    (f"{DISKS}details/?failed={HUNDRED}", 1),
    (f"{DISKS}details/?counted={HUNDRED}&failed={HUNDRED}", 2),
    (f"{DISKS}details/?counted={HUNDRED}&failed={HUNDRED}&instances={HUNDRED}&{ALL}", 3),
    (f"{DISKS}details/?{ALL}status%3Din-use%26zone%3Dnova", 1),
    # What Diskboard itself searches or filters is not counted.
    (f"{DISKS}details/?{ALL}q%3Ddisk%26no_snapshot_for%3D30", 0),
    (SNAPSHOTS, 1),
    (f"{SNAPSHOTS}?q=nightly&per_page=100", 1),
    (f"{SNAPSHOTS}?status=available&older_than=1&beyond_newest=1&property=a&sort=name", 1),
    (f"{SNAPSHOTS}?disk={an_id(1)}&select=all", 1),
    (f"{SNAPSHOTS}?disk=data", 2),
    (f"{SNAPSHOTS}changes/?seen={an_id(1120)}:creating", 2),
    (f"{SNAPSHOTS}details/?disks={TWENTY}&failed={HUNDRED}", 21),
    (f"{SNAPSHOTS}details/?disks={HUNDRED}&failed={HUNDRED}", 2),
    (f"{SNAPSHOTS}details/?disks={HUNDRED}&failed={HUNDRED}&{ALL}", 3),
    (f"{SNAPSHOTS}details/?failed={HUNDRED}&{ALL}&disk={an_id(1)}", 2),
    # The disk of that name
    (f"{SNAPSHOTS}details/?{ALL}disk%3Ddata", 1),
    (f"{SNAPSHOTS}clean-up/", 0),
    (f"{SNAPSHOTS}create/", 1),
    (SNAPSHOT, 2),
    (f"{SNAPSHOT}actions/", 1),
    (f"{SNAPSHOT}more/", 2),
    (f"{SNAPSHOT}edit/", 1),
    # The snapshot, types, zones, the quota, the quota of each type, then its disk
    (f"{SNAPSHOT}create-disk/", 6),
    # The snapshot, the disk, the newest snapshot
    (f"{DISK}snapshots/{an_id(1001)}/roll-back/", 3),
    # Once to see whether it exists, once for the preview, and the disks created from it
    (f"{SNAPSHOT}delete/", 3),
    (f"{SNAPSHOTS}delete/", 0),
    (f"{SNAPSHOTS}delete/command/", 0),
    (f"{SNAPSHOTS}delete/run/", 0),
    # The disk, the names in use, the quota, whether a backup service exists, the base
    (f"{DISK}create-backup/", 5),
    # Additionally the snapshot
    (f"{DISK}snapshots/{an_id(1001)}/create-backup/", 6),
    (BACKUPS, 1),
    (f"{BACKUPS}?status=error&q=x", 1),
    (f"{BACKUPS}changes/?seen={an_id(2120)}:creating", 2),
    (f"{BACKUPS}details/?disks={TWENTY}&failed={TWENTY}", 21),
    (f"{BACKUPS}details/?disks={HUNDRED}&failed={HUNDRED}&{ALL}", 3),
    (f"{BACKUPS}{an_id(2001)}/actions/", 1),
    (f"{BACKUPS}{an_id(2001)}/create-disk/", 6),
    # Once to see whether it is there, once for the preview, and the increments that may be based on it
    (f"{BACKUPS}{an_id(2001)}/delete/", 3),
    (f"{BACKUPS}delete/", 0),
    (f"{BACKUPS}delete/command/", 0),
    (f"{BACKUPS}delete/run/", 0),
    (f"{DISKS}export/?q=disk", 1),
    # The disk, and the list
    (f"{DISK}snapshots/export/", 2),
    (f"{SNAPSHOTS}export/?sort=name", 1),
    (f"{BACKUPS}export/", 1),
    ("/toasts/", 0),
    ("/", 0),
]


ATTACHED = [{"server_id": an_id(5000), "device": "/dev/vdb"}]
NOTED = {"team": "storage", "kept-until": "2027-01-01", "ticket": "OPS-1234"}
MANY = [
    volume(number, name=f"production-database-{an_id(number + 700)}", status="in-use", attachments=ATTACHED)
    for number in range(120, 0, -1)
]
NIGHTLY = [
    snapshot(number, name=f"nightly-{an_id(number)}", disk=number % 20 + 1, metadata=NOTED)
    for number in range(1120, 1000, -1)
]
WEEKLY = [
    backup(number, name=f"weekly-{an_id(number)}", disk=number % 20 + 1, is_incremental=True)
    for number in range(2120, 2000, -1)
]


@pytest.fixture
def busy(cloud: FakeCloud, signed_in: Client) -> Client:
    """A hundred resources of each kind, and a client that has loaded pages before."""
    cloud.volumes, cloud.snapshots, cloud.backups = ([dict(row) for row in rows] for rows in (MANY, NIGHTLY, WEEKLY))
    return signed_in


def test_every_view_has_a_budget() -> None:
    budgeted = {url.partition("?")[0] for url, _requests in COSTS}
    assert sorted({view.url.partition("?")[0] for view in VIEWS} - budgeted) == []


def sessions() -> list[Any]:
    return list(Session.objects.values_list("session_key", "session_data", "expire_date"))


@pytest.mark.parametrize(("url", "requests"), COSTS)
def test_it_costs_no_more_than_it_must(busy: Client, cloud: FakeCloud, url: str, requests: int) -> None:
    for headers in BOTH_WAYS:
        before = sessions()
        cloud.forget()
        with CaptureQueriesContext(connection) as queries:
            answer = busy.get(url, headers=headers)
        case = f"as {'a fragment' if headers else 'a page'}"
        assert answer.status_code < 400, case
        assert len(cloud.asked(CINDER)) == requests, case
        assert cloud.asked(KEYSTONE) == [], case
        assert len(queries) <= 2, case
        # Reading writes no session.
        assert "diskboard_session" not in answer.cookies, case
        assert sessions() == before, case


# --- Requests to the cloud --------------------------------------------------------------------------------------------


def load_the_rest(client: Client, answer: Any) -> int:
    """Load what a page loads by itself afterwards; return the number of these requests."""
    later = loads(answer)
    for url in later:
        assert client.get(url, headers=HTMX).status_code == 200
    return len(later)


@pytest.mark.parametrize("per_page", ["20", "100"])
@pytest.mark.parametrize("url", LISTS)
def test_no_page_waits_for_its_total(busy: Client, cloud: FakeCloud, url: str, per_page: str) -> None:
    """Counting takes Cinder a good part of the time that it needs for the page."""
    for row in cloud.snapshots:
        row["volume_id"] = row["volume_id"] if url == SNAPSHOTS else an_id(1)
    for query in ({}, {"sort": "name"}, {"status": "available"}):
        busy.get(url, {"per_page": per_page, **query})
    assert cloud.requests()
    assert not [one.url for one in cloud.requests() if "with_count" in one.qs]


def test_it_shows_a_whole_project_for_what_a_page_costs(busy: Client, cloud: FakeCloud) -> None:
    """The number of requests for the page and all that it loads afterwards doesn't depend on the number of disks."""
    page = busy.get(DISKS, {"per_page": "100"})
    assert cloud.asked(CINDER) == ["GET /volumes/detail"]
    assert load_the_rest(busy, page) == 2
    assert sorted(cloud.asked(CINDER)) == sorted(
        [*CAPACITY, "GET /snapshots/detail", "GET /volumes", "GET /volumes/detail"]
    )


def test_it_shows_a_project_in_trouble_for_one_request_more(cloud: FakeCloud, enter: SignIn) -> None:
    """A hundred disks have failed, and each is attached to an instance of its own."""
    cloud.servers = [{"id": an_id(5000 + number), "name": f"web-{number}"} for number in range(100)]
    client = enter()
    cloud.volumes = [
        volume(number, status="error", attachments=[{"server_id": an_id(5000 + number % 100), "device": "/dev/vdb"}])
        for number in range(120, 0, -1)
    ]
    cloud.messages = [message(9000 + number, about=an_id(number)) for number in range(1, 121)]
    assert load_the_rest(client, client.get(DISKS, {"per_page": "100"})) <= 3
    asked = [*CAPACITY, "GET /messages", "GET /snapshots/detail", "GET /volumes", "GET /volumes/detail"]
    assert sorted(cloud.asked(CINDER)) == sorted(asked)
    assert cloud.asked(NOVA) == ["GET /v2.1/servers"]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (SNAPSHOTS, [*CAPACITY, "GET /snapshots", "GET /snapshots/detail", "GET /volumes/detail"]),
        (BACKUPS, ["GET /backups", "GET /backups/detail", "GET /volumes/detail"]),
    ],
)
def test_it_names_the_disks_of_a_hundred_rows_with_one_request(
    busy: Client, cloud: FakeCloud, url: str, asked: list[str]
) -> None:
    for number, row in enumerate((*cloud.snapshots, *cloud.backups)):
        row["volume_id"] = an_id(number % 100 + 1)
    load_the_rest(busy, busy.get(url, {"per_page": "100"}))
    assert sorted(cloud.asked(CINDER)) == sorted(asked)


def test_it_shows_a_disk_for_what_a_page_costs(busy: Client, cloud: FakeCloud) -> None:
    load_the_rest(busy, busy.get(DISK))
    assert cloud.asked(CINDER) == [f"GET /volumes/{an_id(1)}", "GET /messages"]


def test_it_makes_snapshots_with_one_request_for_each_and_one_for_the_disks(busy: Client, cloud: FakeCloud) -> None:
    ids = [an_id(number) for number in range(101, 121)]
    sent = all_sent_by(busy.post(f"{DISKS}create-snapshots/", {"ids": ids}, headers=HTMX))
    cloud.forget()
    busy.post(f"{DISKS}create-snapshots/run/", sent, headers=HTMX)
    assert Counter(cloud.asked(CINDER)) == Counter({"GET /volumes/detail": 1, "POST /snapshots": 20})


@pytest.mark.parametrize(("how_many", "requests"), [(1, 3), (20, 22), (21, 3), (100, 3)])
def test_it_asks_which_disks_to_make_snapshots_of(busy: Client, cloud: FakeCloud, how_many: int, requests: int) -> None:
    """It reads the disks and the two quotas."""
    ids = [an_id(number) for number in range(1, how_many + 1)]
    busy.post(f"{DISKS}create-snapshots/", {"ids": ids}, headers=HTMX)
    assert len(cloud.asked(CINDER)) == requests


@pytest.mark.parametrize(("how_many", "requests"), [(1, 2), (20, 40), (21, 2), (120, 2)])
def test_it_previews_disks_with_their_snapshots(busy: Client, cloud: FakeCloud, how_many: int, requests: int) -> None:
    ids = [an_id(number) for number in range(1, how_many + 1)]
    busy.post(f"{DISKS}delete/", {"ids": ids})
    assert len(cloud.asked(CINDER)) == requests


@pytest.mark.parametrize(
    ("path", "sent", "requests"),
    [
        ("resize/", {"size": "20", "smallest": "11"}, 1),
        ("change-type/", {"disk_type": "ceph-hdd"}, 1),
        ("clone/", {"name": "x", "size": "20"}, 1),
        ("bootable/", {}, 2),
    ],
)
def test_it_changes_a_disk_with_few_requests(
    busy: Client, cloud: FakeCloud, path: str, sent: dict[str, str], requests: int
) -> None:
    assert busy.post(f"{DISK}{path}", {**sent, "key": "k"}, headers=HTMX).status_code == 204
    assert len(cloud.asked(CINDER)) == requests


@pytest.mark.usefixtures("db")
def test_it_signs_in_with_two_requests(cloud: FakeCloud, client: Client) -> None:
    client.post("/sign-in/", {"user_name": "ann", "password": "x", "domain": "Default"})
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens", "GET /v3/auth/projects"]
    assert cloud.asked(CINDER) == []


@pytest.mark.usefixtures("db")
def test_it_opens_a_project_with_one_request_to_keystone(cloud: FakeCloud, client: Client) -> None:
    client.post("/sign-in/", {"user_name": "ann", "password": "x", "domain": "Default"})
    cloud.forget()
    client.get("/", follow=True)
    assert cloud.asked(KEYSTONE) == ["POST /v3/auth/tokens"]
    assert cloud.asked(CINDER) == ["GET /", "GET /volumes/detail"]


def test_it_creates_with_one_request(busy: Client, cloud: FakeCloud) -> None:
    busy.post(f"{DISK}create-snapshot/", {"name": "x", "key": "k"}, headers=HTMX)
    assert cloud.asked(CINDER) == ["POST /snapshots"]


def test_it_rolls_back_with_four_requests(busy: Client, cloud: FakeCloud) -> None:
    cloud.volumes[-1] |= {"status": "available", "attachments": []}
    cloud.snapshots = [snapshot(1001)]
    answer = busy.post(f"{DISK}snapshots/{an_id(1001)}/roll-back/", {"key": "k"}, headers=HTMX)
    assert answer.status_code == 204
    assert len(cloud.asked(CINDER)) == 4


def test_it_edits_with_three_requests(busy: Client, cloud: FakeCloud) -> None:
    cloud.snapshots = [snapshot(1001, name="", metadata={})]
    seen = '{"name": "", "description": "", "properties": {}}'
    sent = {"name": "x", "properties": "a=1", "seen": seen, "key": "k"}
    assert busy.post(f"{SNAPSHOT}edit/", sent, headers=HTMX).status_code == 204
    asked = [f"GET /snapshots/{an_id(1001)}", f"PUT /snapshots/{an_id(1001)}", f"PUT /snapshots/{an_id(1001)}/metadata"]
    assert cloud.asked(CINDER) == asked


def test_it_previews_with_a_request_for_each(busy: Client, cloud: FakeCloud) -> None:
    ids = [an_id(number) for number in range(1001, 1021)]
    busy.post(f"/p/{PROJECT}/snapshots/delete/", {"ids": ids})
    assert cloud.asked(CINDER).count("GET /volumes/detail") == 1
    assert len(cloud.asked(CINDER)) == 20 + 1


def test_it_previews_many_with_the_list(busy: Client, cloud: FakeCloud) -> None:
    ids = [an_id(number) for number in range(1001, 1121)]
    busy.post(f"/p/{PROJECT}/snapshots/delete/", {"ids": ids})
    assert sorted(cloud.asked(CINDER)) == ["GET /snapshots/detail", "GET /volumes/detail"]


def test_it_resolves_all_that_match_with_one_request_more(busy: Client, cloud: FakeCloud) -> None:
    busy.post(f"/p/{PROJECT}/snapshots/delete/", {"matching": "?q=nightly"})
    assert sorted(cloud.asked(CINDER)) == ["GET /snapshots/detail", "GET /snapshots/detail", "GET /volumes/detail"]


@pytest.mark.parametrize(("how_many", "disk", "disks"), [(6, "", 6), (50, "", 20), (50, an_id(1), 1)])
def test_it_deletes_with_one_request_for_each_and_one_for_their_rows(
    busy: Client, cloud: FakeCloud, how_many: int, disk: str, disks: int
) -> None:
    """Fifty are one chunk. The rows also need the disks: one request for each, or one for all from 21 on."""
    ids = [an_id(number) for number in range(1120, 1120 - how_many, -1)]
    sent = all_sent_by(busy.post(f"{SNAPSHOTS}delete/", {"ids": ids, "disk": disk}, headers=HTMX))
    cloud.forget()
    if disk:
        for row in cloud.snapshots:
            row["volume_id"] = disk
    busy.post(f"{SNAPSHOTS}delete/run/", sent, headers=HTMX)
    asked = Counter(one.rsplit("/", 1)[0] for one in cloud.asked(CINDER))
    assert asked == Counter({"DELETE /snapshots": how_many, "GET /snapshots": 1, "GET /volumes": disks})
