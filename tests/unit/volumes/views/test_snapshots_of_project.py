"""The project's snapshots: the list, its search, its filters, and selecting all that match."""

import re
from urllib.parse import parse_qs, quote

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import FakeCloud, ago, an_id, snapshot, volume
from tests.support.pages import HERE, entries, link, names, text_of, words

URL = f"{HERE}/snapshots/"
DETAIL = "GET /snapshots/detail"
PLAIN = {"limit": "21", "sort": "created_at:desc", "with_count": "true"}


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="root"), volume(1, name="data")]
    cloud.snapshots = [
        snapshot(1003, disk=2, name="of root", created_at=ago(days=1), metadata={"team": "red", "keep": "yes"}),
        snapshot(1002, disk=1, name="broken", status="error", created_at=ago(days=5), metadata={"team": "blue"}),
        snapshot(1001, disk=1, name="old one", created_at=ago(days=40)),
    ]


def test_it_shows_the_snapshots_of_all_disks(signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert names(page) == ["of root", "broken", "old one"]
    assert "<h1>Snapshots</h1>" in text_of(page)
    assert "keep=yes, team=red" in words(page)
    assert entries(page)[:5] == ["Create disk", "Create backup", "Edit snapshot", "Roll back disk", "Delete snapshot"]


def test_it_asks_once_and_leaves_the_disks_names_for_later(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert cloud.asked() == [DETAIL]
    assert cloud.query() == PLAIN
    text = text_of(page)
    disk = an_id(2)
    assert f'<td class="disk-{disk}"><a href="{HERE}/disks/{disk}/snapshots/">{disk[:8]}</a></td>' in text
    details = f"{HERE}/snapshots/details/?disks={an_id(2)},{an_id(1)}&amp;failed={an_id(1002)}"
    assert f'hx-get="{details}" hx-trigger="load,' in text


def test_it_gives_the_table_alone_to_htmx(signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    assert text_of(part).lstrip().startswith('<div id="table"')
    assert "HX-Request" in part["Vary"]


def test_it_says_that_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = []
    text = text_of(signed_in.get(URL))
    assert "No snapshots yet" in text
    assert "snapshots/details/" not in text


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [{"id": an_id(1001)}, dict.fromkeys(snapshot(1002)) | {"id": an_id(1002)}]
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert names(page) == [an_id(1001), an_id(1002)]


def test_it_escapes_what_people_wrote(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="<b>bold</b>", metadata={"<i>": "<u>"})]
    text = text_of(signed_in.get(URL, {"disk": "<s>", "property": "<s>", "q": "<s>"}))
    assert not re.search("<[bisu]>", text + text_of(signed_in.get(URL)))


@pytest.mark.parametrize(("sort", "column"), [("name", "display_name:asc"), ("-size", "volume_size:desc")])
def test_it_sorts_in_cinders_words(cloud: FakeCloud, signed_in: Client, sort: str, column: str) -> None:
    signed_in.get(URL, {"sort": sort, "per_page": "100"})
    assert cloud.query() == {**PLAIN, "sort": column, "limit": "101"}


@pytest.mark.parametrize("text", ["ROOT", an_id(1003)[-12:], "Root "])
def test_it_finds_a_part_of_a_name_or_an_id(cloud: FakeCloud, signed_in: Client, text: str) -> None:
    """A stock Cinder can't: the list is read."""
    assert names(signed_in.get(URL, {"q": text})) == ["of root"]
    assert cloud.asked() == [DETAIL]
    assert cloud.query() == {"limit": "1000", "sort": "created_at:desc"}


def test_it_lets_cinder_search_where_it_can(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.filters["snapshot"].append("name~")
    client = sign_in()
    assert names(client.get(URL, {"q": "ROOT"})) == ["of root"]
    assert cloud.query() == {**PLAIN, "name~": "ROOT"}


@pytest.mark.parametrize("text", [an_id(1003)[-12:], "f", "100%", "a_b"])
def test_it_searches_itself_for_what_cinder_takes_otherwise(cloud: FakeCloud, sign_in: SignIn, text: str) -> None:
    """Cinder looks into names only, and takes % and _ for anything."""
    cloud.filters["snapshot"].append("name~")
    cloud.snapshots.insert(0, snapshot(1004, name="x 100% a_b"))
    assert names(sign_in().get(URL, {"q": text}))
    assert cloud.query() == {"limit": "1000", "sort": "created_at:desc"}


# What the address says, what the cloud is asked where it offers that filter, and what is found
OFFERED = [
    ({"status": "error"}, {"status": "error"}, ["broken"]),
    ({"disk": an_id(2)}, {"volume_id": an_id(2)}, ["of root"]),
    ({"disk": "root"}, {"volume_id": an_id(2)}, ["of root"]),
    ({"property": "team=blue"}, {"metadata": "{'team': 'blue'}"}, ["broken"]),
    ({"property": " team = it's "}, {"metadata": """{'team': "it's"}"""}, []),
    ({"status": "error", "disk": "data"}, {"status": "error", "volume_id": an_id(1)}, ["broken"]),
]


@pytest.mark.parametrize(("wanted", "asked", "found"), OFFERED)
def test_it_lets_cinder_filter(
    cloud: FakeCloud, signed_in: Client, wanted: dict[str, str], asked: dict[str, str], found: list[str]
) -> None:
    page = signed_in.get(URL, wanted)
    assert names(page) == found
    assert cloud.query() == {**PLAIN, **asked}
    assert cloud.asked()[-1] == DETAIL


@pytest.mark.parametrize("version", ["3.71", "3.32"])
@pytest.mark.parametrize(("wanted", "_asked", "found"), OFFERED)
def test_it_filters_itself_what_cinder_does_not(
    cloud: FakeCloud, sign_in: SignIn, wanted: dict[str, str], _asked: dict[str, str], found: list[str], version: str
) -> None:
    cloud.filters["snapshot"] = []
    cloud.microversion = version
    client = sign_in()
    assert names(client.get(URL, wanted)) == found
    assert cloud.query() == {"limit": "1000", "sort": "created_at:desc"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"property": "team"}, ["of root", "broken"]),
        ({"property": "team="}, []),
        ({"older_than": "30"}, ["old one"]),
        ({"older_than": "4"}, ["broken", "old one"]),
        ({"beyond_newest": "1"}, []),
        ({"older_than": "4", "status": "available"}, ["old one"]),
        ({"older_than": "1", "q": "O"}, ["of root", "broken", "old one"]),
        ({"older_than": "4", "disk": "nowhere"}, []),
    ],
)
def test_it_filters_by_what_no_cinder_can(
    cloud: FakeCloud, signed_in: Client, wanted: dict[str, str], found: list[str]
) -> None:
    cloud.snapshots[0]["created_at"] = ago(days=1, minutes=1)
    assert names(signed_in.get(URL, wanted)) == found


def test_it_keeps_the_newest_of_each_disk(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        snapshot(number, disk=number % 2 + 1, name=str(number), created_at=ago(days=2000 - number))
        for number in range(1008, 1000, -1)
    ]
    cloud.snapshots[0]["status"] = "error"
    assert names(signed_in.get(URL, {"beyond_newest": "2"})) == ["1003", "1002", "1001"]


@pytest.mark.parametrize("offered", [["name~", "metadata"], []])
@pytest.mark.parametrize("wanted", [{"q": "old"}, {"property": "auto=1"}])
def test_it_keeps_the_newest_of_those_that_match(
    cloud: FakeCloud, sign_in: SignIn, wanted: dict[str, str], offered: list[str]
) -> None:
    """Whether Cinder looks for them or we do."""
    cloud.filters["snapshot"] = offered
    made = {"auto": "1"}
    cloud.snapshots = [snapshot(1009, name="by hand", created_at=ago(days=1))] + [
        snapshot(1000 + age, name=f"old {age}", metadata=made, created_at=ago(days=age)) for age in (5, 6)
    ]
    assert names(sign_in().get(URL, {"beyond_newest": "1", **wanted})) == ["old 6"]


def test_it_finds_the_snapshots_of_all_disks_of_a_name(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes.insert(0, volume(3, name="root"))
    cloud.snapshots.insert(0, snapshot(1004, disk=3, name="of another root"))
    assert names(signed_in.get(URL, {"disk": "root"})) == ["of another root", "of root"]
    assert cloud.asked() == ["GET /volumes/detail", DETAIL]
    assert cloud.query(0)["name"] == "root"


def test_it_asks_for_the_offered_filters_once(cloud: FakeCloud, signed_in: Client) -> None:
    cache.clear()
    for _ in range(3):
        signed_in.get(URL, {"status": "error"})
    assert cloud.asked() == ["GET /", "GET /resource_filters", DETAIL, DETAIL, DETAIL]
    assert cloud.query(1) == {"resource": "snapshot"}


@pytest.mark.parametrize("status", [403, 404])
def test_it_filters_itself_where_the_cloud_tells_no_filters(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cache.clear()
    cloud.http.get(cloud.at("/resource_filters"), status_code=status)
    assert names(signed_in.get(URL, {"status": "error"})) == ["broken"]
    assert cloud.query()["limit"] == "1000"


def test_it_reads_on_and_says_where_it_stopped(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 5
    cloud.snapshots = [snapshot(number, created_at=ago(days=100)) for number in range(1080, 1000, -1)]
    page = signed_in.get(URL, {"older_than": "1", "disk": an_id(1)})
    assert cloud.asked() == [DETAIL] * 10
    assert {cloud.query(index)["volume_id"] for index in range(10)} == {an_id(1)}
    assert len(names(page)) == 20
    assert "The search stopped after 50 entries." in words(page)


def test_it_says_where_it_stopped_also_when_nothing_was_found(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 5
    cloud.snapshots = [snapshot(number) for number in range(1080, 1000, -1)]
    page = signed_in.get(URL, {"q": "nowhere"})
    assert names(page) == []
    assert "The search stopped after 50 entries." in words(page)


NONSENSE = [
    *({"status": one} for one in ("moonstruck", "Error", "", "\0")),
    *({name: one} for name in ("older_than", "beyond_newest") for one in ("0", "-1", "x", "1.5", "10000", "٣", "1e2")),
    {"disk": "  "},
    {"property": "\0"},
    {"colour": "red"},
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=str)
def test_it_takes_nonsense_for_no_filter(cloud: FakeCloud, signed_in: Client, nonsense: dict[str, str]) -> None:
    page = signed_in.get(URL, nonsense)
    assert len(names(page)) == 3
    assert cloud.query() == PLAIN
    assert '<details class="filters">' in text_of(page)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"q": "nowhere"}, "No snapshot's name or id contains “nowhere”."),
        ({"status": "deleting"}, "No snapshot passes these filters: status Deleting."),
        (
            {"q": "nowhere", "status": "deleting"},
            "No snapshot whose name or id contains “nowhere” passes these filters: status Deleting.",
        ),
        ({"older_than": "99", "property": "x"}, "No snapshot passes these filters: property x, older than 99 days."),
    ],
)
def test_it_says_what_was_asked_for_in_vain(signed_in: Client, wanted: dict[str, str], told: str) -> None:
    page = signed_in.get(URL, wanted)
    assert told in words(page)
    assert "No snapshots yet" not in words(page)


def test_it_keeps_the_filters_in_their_fields(signed_in: Client) -> None:
    text = text_of(signed_in.get(URL, {"status": "error", "disk": 'a"b', "older_than": "7", "q": "x"}))
    assert '<details class="filters" open>' in text
    assert '<option value="error" selected>' in text
    assert 'name="disk" value="a&quot;b"' in text
    assert 'name="older_than" value="7"' in text
    assert 'name="beyond_newest" value=""' in text


def many(cloud: FakeCloud) -> None:
    cloud.snapshots = [snapshot(number, name=str(number), status="error") for number in range(1045, 1000, -1)]


def test_it_keeps_the_filters_on_the_neighbouring_pages(cloud: FakeCloud, signed_in: Client) -> None:
    many(cloud)
    first = signed_in.get(URL, {"status": "error", "sort": "created_at", "select": "all"})
    second = signed_in.get(URL + link(first, "next"))
    assert cloud.query()["status"] == "error"
    back = link(second, "prev")
    assert parse_qs(back[1:])["status"] == ["error"]
    assert parse_qs(back[1:])["sort"] == ["created_at"]
    assert "select" not in parse_qs(back[1:])
    assert names(signed_in.get(URL + back)) == names(first)


def test_it_offers_to_select_all_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    many(cloud)
    assert "45 in all Select all 45 that match" in words(signed_in.get(URL, {"status": "error"}))
    cloud.snapshots = cloud.snapshots[:20]
    assert "Select all 20" not in words(signed_in.get(URL))


def test_it_selects_all_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    many(cloud)
    text = text_of(signed_in.get(URL, {"status": "error", "select": "all"}))
    assert len(re.findall(r'name="ids"[^>]* checked', text)) == 20
    assert 'name="matching" value="?status=error" data-matching="45"' in text
    assert "that match</a>" not in text


@pytest.mark.parametrize("query", [{}, {"select": "ALL"}, {"select": "all", "q": "nowhere"}])
def test_it_selects_nothing_unasked(signed_in: Client, query: dict[str, str]) -> None:
    text = text_of(signed_in.get(URL, query))
    assert not re.search(r'name="ids"[^>]* checked', text)
    assert 'name="matching"' not in text


def test_it_polls_what_is_shown(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="a b", status="creating", updated_at=ago())]
    text = text_of(signed_in.get(URL, {"disk": "a b&c"}))
    assert f'id="poller" hx-get="{HERE}/snapshots/changes/?disk={quote("a b&c").replace("%20", "+")}"' in text


def test_it_greys_writing_for_readers(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    text = text_of(sign_in().get(URL))
    assert 'aria-describedby="create-refusal"' in text
    assert 'aria-describedby="delete-refusal"' in text
    assert '<a role="menuitem"' not in text
