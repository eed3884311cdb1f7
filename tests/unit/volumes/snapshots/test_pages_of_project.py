"""The project's snapshots: the list, its search, its filters, and selecting all results."""

import unicodedata
from urllib.parse import parse_qs, quote

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import ago, an_id, not_found, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    active_chips,
    is_whole,
    link,
    loads,
    menus,
    names,
    rows_by_id,
    text_of,
    words,
)

URL = f"{HERE}/snapshots/"
DETAIL = "GET /snapshots/detail"
PLAIN = {"limit": "21", "sort": "created_at:desc"}
# The query to the cloud if Diskboard searches the list itself
READ_THROUGH = {"limit": "1000", "sort": "created_at:desc"}
ENTRIES = ["Create disk", "Create backup", "Edit snapshot", "Roll back disk", "Delete snapshot"]
READS = "Your role in this project is read-only."


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="root"), volume(1, name="data")]
    cloud.snapshots = [
        snapshot(1003, disk=2, name="of root", created_at=ago(days=1, minutes=1), metadata={"team": "red", "a": "b"}),
        snapshot(1002, disk=1, name="broken", status="error", created_at=ago(days=5), metadata={"team": "blue"}),
        snapshot(1001, disk=1, name="old one", created_at=ago(days=40)),
    ]


def found(client: Client, wanted: dict[str, str]) -> list[str]:
    return names(client.get(URL, wanted, headers=HTMX))


def checked(answer: Answered) -> list[str]:
    """The ids of the selected rows."""
    return [box["value"] for box in Page(answer).find_all("checkbox") if box["name"] == "ids" and "checked" in box]


def test_it_shows_the_snapshots_of_all_disks(signed_in: Client) -> None:
    answer = signed_in.get(URL)
    page = Page(answer)
    assert page.has("heading", "Snapshots")
    assert page.find("button", "Clean up")["hx-get"] == f"{URL}clean-up/"
    assert names(answer) == ["of root", "broken", "old one"]
    assert rows_by_id(answer)[an_id(1003)].find_all("cell")[5].text == "a=b, team=red"
    assert menus(answer)[an_id(1003)] == dict.fromkeys(ENTRIES, "")


def test_it_asks_once_and_leaves_the_names_of_the_disks_for_later(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    assert cloud.asked() == [DETAIL]
    assert cloud.query() == PLAIN
    for disk in (an_id(1), an_id(2)):
        links = [one.find("link") for one in Page(part).select(f"[data-disk='{disk}'] .col-disk")]
        assert {(one.text, one["href"]) for one in links} == {(disk[:8], f"{HERE}/disks/{disk}/snapshots/")}
    assert loads(part) == [f"{URL}details/?disks={an_id(2)},{an_id(1)}&failed={an_id(1002)}"]


def test_it_gives_the_table_alone_to_htmx(signed_in: Client) -> None:
    part = signed_in.get(URL, headers=HTMX)
    assert Page(part).by_id("table")
    assert not is_whole(part)
    assert "HX-Request" in part["Vary"]


def test_it_says_that_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = []
    part = signed_in.get(URL, headers=HTMX)
    assert Page(part).has("heading", "No snapshots yet")
    assert loads(part) == []


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [{"id": an_id(1001)}, dict.fromkeys(snapshot(1002)) | {"id": an_id(1002)}]
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 200
    assert names(part) == [an_id(1001), an_id(1002)]


def test_it_escapes_what_people_wrote(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="<b>bold</b>", metadata={"<i>": "<u>"})]
    shown = signed_in.get(URL, headers=HTMX)
    assert "<i>=<u>" in words(shown)
    told = signed_in.get(URL, {"disk": "<s>", "property": "<s>", "q": "<s>"})
    assert "<s>" in words(told)
    for answer in (shown, told):
        assert not any(f"<{tag}>" in text_of(answer) for tag in "bisu")


def test_it_sorts_in_cinders_words(cloud: FakeCloud, signed_in: Client) -> None:
    for sort, column in (("name", "display_name:asc"), ("-size", "volume_size:desc")):
        signed_in.get(URL, {"sort": sort, "per_page": "100"}, headers=HTMX)
        assert cloud.query() == {**PLAIN, "sort": column, "limit": "101"}


# --- Searching --------------------------------------------------------------------------------------------------------


def test_it_finds_a_part_of_a_name_or_a_whole_id(cloud: FakeCloud, signed_in: Client) -> None:
    """A stock Cinder can't search like this, so Diskboard reads the list."""
    for text in ("ROOT", an_id(1003), an_id(1003).upper(), "Root "):
        cloud.forget()
        assert found(signed_in, {"q": text}) == ["of root"], text
        assert cloud.asked() == [DETAIL]
        assert cloud.query() == READ_THROUGH


def test_it_lets_cinder_search_where_it_can(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.filters["snapshot"].append("name~")
    assert found(enter(), {"q": "ROOT"}) == ["of root"]
    assert cloud.query() == {**PLAIN, "name~": "ROOT"}


def test_it_searches_itself_for_what_cinder_takes_otherwise(cloud: FakeCloud, enter: SignIn) -> None:
    """Cinder searches only names, character by character, and treats % and _ as wildcards."""
    cloud.filters["snapshot"].append("name~")
    cloud.snapshots.insert(0, snapshot(1004, name="x 100% a_b"))
    client = enter()
    cloud.snapshots.insert(0, snapshot(1005, name=unicodedata.normalize("NFD", "Новый ёж")))
    for text, name in (
        (an_id(1003), "of root"),
        ("100%", "x 100% a_b"),
        ("a_b", "x 100% a_b"),
        ("ЁЖ", unicodedata.normalize("NFD", "Новый ёж")),
    ):
        assert name in found(client, {"q": text}), text
        assert cloud.query() == READ_THROUGH


# --- Filtering --------------------------------------------------------------------------------------------------------

# The query of the address, the query to a cloud that offers that filter, and the snapshots that are found
OFFERED = [
    ({"status": "error"}, {"status": "error"}, ["broken"]),
    ({"disk": an_id(2)}, {"volume_id": an_id(2)}, ["of root"]),
    ({"disk": "root"}, {"volume_id": an_id(2)}, ["of root"]),
    ({"property": "team=blue"}, {"metadata": "{'team': 'blue'}"}, ["broken"]),
    ({"property": " team = it's "}, {"metadata": """{'team': "it's"}"""}, []),
    ({"status": "error", "disk": "data"}, {"status": "error", "volume_id": an_id(1)}, ["broken"]),
]


def test_it_lets_cinder_filter(cloud: FakeCloud, signed_in: Client) -> None:
    for wanted, asked, expected in OFFERED:
        assert found(signed_in, wanted) == expected, wanted
        assert cloud.query() == {**PLAIN, **asked}
        assert cloud.asked()[-1] == DETAIL


def test_it_filters_itself_what_cinder_does_not(cloud: FakeCloud, enter: SignIn) -> None:
    cloud.filters["snapshot"] = []
    client = enter()
    for wanted, _asked, expected in OFFERED:
        assert found(client, wanted) == expected, wanted
        assert cloud.query() == READ_THROUGH


def test_it_filters_itself_where_no_cinder_tells_its_filters(cloud: FakeCloud, enter: SignIn) -> None:
    """Cinder lists its filters from 3.33 on."""
    cloud.microversion = "3.32"
    assert found(enter(), {"status": "error", "disk": "data"}) == ["broken"]
    assert cloud.query() == READ_THROUGH


def test_it_filters_by_what_no_cinder_can(signed_in: Client) -> None:
    for wanted, expected in (
        ({"property": "team"}, ["of root", "broken"]),
        ({"property": "team="}, []),
        ({"older_than": "30"}, ["old one"]),
        ({"older_than": "4"}, ["broken", "old one"]),
        ({"beyond_newest": "1"}, []),
        ({"older_than": "4", "status": "available"}, ["old one"]),
        ({"older_than": "1", "q": "O"}, ["of root", "broken", "old one"]),
        ({"older_than": "4", "disk": "nowhere"}, []),
    ):
        assert found(signed_in, wanted) == expected, wanted


def test_it_keeps_the_newest_of_each_disk(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        snapshot(number, disk=number % 2 + 1, name=str(number), created_at=ago(days=2000 - number))
        for number in range(1008, 1000, -1)
    ]
    cloud.snapshots[0]["status"] = "error"
    assert found(signed_in, {"beyond_newest": "2"}) == ["1003", "1002", "1001"]


@pytest.mark.parametrize("offered", [["name~", "metadata"], []], ids=["by Cinder", "by Diskboard"])
def test_it_keeps_the_newest_of_those_that_match(cloud: FakeCloud, enter: SignIn, offered: list[str]) -> None:
    cloud.filters["snapshot"] = offered
    cloud.snapshots = [snapshot(1009, name="by hand", created_at=ago(days=1))] + [
        snapshot(1000 + age, name=f"old {age}", metadata={"auto": "1"}, created_at=ago(days=age)) for age in (5, 6)
    ]
    client = enter()
    for wanted in ({"q": "old"}, {"property": "auto=1"}):
        assert found(client, {"beyond_newest": "1", **wanted}) == ["old 6"], wanted


def test_it_finds_the_snapshots_of_all_disks_of_a_name(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes.insert(0, volume(3, name="root"))
    cloud.snapshots.insert(0, snapshot(1004, disk=3, name="of another root"))
    assert found(signed_in, {"disk": "root"}) == ["of another root", "of root"]
    assert cloud.asked() == ["GET /volumes/detail", DETAIL]
    assert cloud.query(0)["name"] == "root"


def test_it_asks_for_the_offered_filters_once(cloud: FakeCloud, signed_in: Client) -> None:
    cache.clear()
    for _ in range(3):
        found(signed_in, {"status": "error"})
    assert cloud.asked() == ["GET /", "GET /resource_filters", DETAIL, DETAIL, DETAIL]
    assert cloud.query(1) == {"resource": "snapshot"}


@pytest.mark.parametrize("status", [403, 404])
def test_it_filters_itself_where_the_cloud_tells_no_filters(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cache.clear()
    cloud.http.get(cloud.at("/resource_filters"), **(not_found() if status == 404 else {"status_code": status}))
    for _ in range(2):
        assert found(signed_in, {"status": "error"}) == ["broken"]
        assert cloud.query() == READ_THROUGH
    # That answer is cached, too.
    assert cloud.asked().count("GET /resource_filters") == 1


def test_it_reads_on_and_says_where_it_stopped(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 5
    cloud.snapshots = [snapshot(number, created_at=ago(days=100)) for number in range(1080, 1000, -1)]
    part = signed_in.get(URL, {"older_than": "1", "disk": an_id(1)}, headers=HTMX)
    assert cloud.asked() == [DETAIL] * 10
    assert {cloud.query(index)["volume_id"] for index in range(10)} == {an_id(1)}
    assert len(names(part)) == 20
    assert "The search stopped after 50 entries." in words(part)


def test_it_says_where_it_stopped_also_when_nothing_was_found(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 5
    cloud.snapshots = [snapshot(number) for number in range(1080, 1000, -1)]
    part = signed_in.get(URL, {"q": "nowhere"}, headers=HTMX)
    assert names(part) == []
    assert "The search stopped after 50 entries." in words(part)


def test_it_takes_nonsense_for_no_filter(cloud: FakeCloud, signed_in: Client) -> None:
    """`tests/unit/volumes/lists/test_filters.py` has more cases."""
    for nonsense in (
        {"status": "moonstruck", "older_than": "0", "beyond_newest": "-1"},
        {"status": "\0", "older_than": "x", "beyond_newest": "10000"},
        {"disk": "  ", "property": "\0", "colour": "red"},
    ):
        answer = signed_in.get(URL, nonsense)
        assert len(names(answer)) == 3, nonsense
        assert cloud.query() == PLAIN
        assert active_chips(answer) == []


def test_it_says_what_was_asked_for_in_vain(signed_in: Client) -> None:
    for wanted, told in (
        ({"q": "nowhere"}, "No snapshot's name contains “nowhere”."),
        ({"status": "deleting"}, "No snapshot matches these filters: status Deleting."),
        (
            {"q": "nowhere", "status": "deleting"},
            "No snapshot whose name contains “nowhere” matches these filters: status Deleting.",
        ),
        ({"older_than": "99", "property": "x"}, "No snapshot matches these filters: property x, older than 99 days."),
    ):
        part = signed_in.get(URL, wanted, headers=HTMX)
        assert told in words(part)
        assert "No snapshots yet" not in words(part)


def test_it_keeps_the_filters_in_their_fields(signed_in: Client) -> None:
    answer = signed_in.get(URL, {"status": "error", "disk": 'a"b', "older_than": "7", "q": "x"})
    assert active_chips(answer) == ["Error", 'disk a"b', "older than 7 days"]
    labels = ["Status", "Disk (name or id)", "Property (key or key=value)", "Older than (days)", "Search snapshots"]
    page = Page(answer)
    assert [page.field(label).value for label in labels] == ["error", 'a"b', "", "7", "x"]
    assert page.field("All but the newest of each disk").value == ""


# --- Pages, and selecting all -----------------------------------------------------------------------------------------


def many(cloud: FakeCloud) -> None:
    cloud.snapshots = [snapshot(number, name=str(number), status="error") for number in range(1025, 1000, -1)]


def test_it_keeps_the_filters_on_the_neighbouring_pages(cloud: FakeCloud, signed_in: Client) -> None:
    many(cloud)
    first = signed_in.get(URL, {"status": "error", "sort": "created_at", "select": "all"}, headers=HTMX)
    second = signed_in.get(URL + link(first, "next"), headers=HTMX)
    assert cloud.query()["status"] == "error"
    back = link(second, "prev")
    kept = parse_qs(back[1:])
    assert (kept["status"], kept["sort"], kept["select"]) == (["error"], ["created_at"], ["all"])
    assert names(signed_in.get(URL + back, headers=HTMX)) == names(first)


def test_it_offers_to_select_all_that_match(cloud: FakeCloud, signed_in: Client) -> None:
    many(cloud)
    part = signed_in.get(URL, {"status": "error"}, headers=HTMX)
    offered = Page(part).find("link", "Select all that match")
    every = signed_in.get(offered["hx-get"], headers=HTMX)
    assert len(checked(every)) == 20
    [told] = Page(every).select("input[name=matching]")
    assert (told["value"], told["form"]) == ("?status=error", "selection")
    assert "data-matching" in told
    assert len(Page(every).select("#all-selected input[name=select]")) == 1
    assert "that match" not in words(every)


@pytest.mark.parametrize("query", [{}, {"select": "ALL"}, {"select": "all", "q": "nowhere"}], ids=str)
def test_it_selects_nothing_unasked(signed_in: Client, query: dict[str, str]) -> None:
    """It doesn't offer to select all either, if one page shows all of them."""
    part = signed_in.get(URL, query, headers=HTMX)
    assert checked(part) == []
    assert Page(part).select("input[name=matching]") == []
    assert "that match" not in words(part)


def test_it_polls_what_is_shown(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="a b", status="creating", updated_at=ago())]
    poller = Page(signed_in.get(URL, {"disk": "a b&c"}, headers=HTMX)).by_id("poller")
    assert poller
    assert poller["hx-get"] == f"{URL}changes/?disk={quote('a b&c').replace('%20', '+')}"


def test_it_greys_writing_for_readers(reader: Client) -> None:
    answer = reader.get(URL)
    for name in ("Create snapshot", "Delete snapshot"):
        button = Page(answer).find("button", name)
        assert (button["aria-disabled"], button.description) == ("true", READS)
    assert menus(answer) == {an_id(number): dict.fromkeys(ENTRIES, READS) for number in (1003, 1002, 1001)}
