"""Every page, fragment and dialog reports a wrong answer of Cinder's, and none claims that the list is empty.

``tests/unit/volumes/cinder/test_client.py`` checks how each wrong answer is interpreted; here a few are enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.accounts.session import KEY
from tests.support.actions import DISK, SNAPSHOT
from tests.support.canned import HTMX
from tests.support.cloud_rows import Answer, an_id, backup, disk_type, message, snapshot, volume
from tests.support.pages import HERE, Page, names, sent_by, text_of
from tests.support.spoilt import SPOILT
from tests.support.views import BOTH_WAYS, EVERY_NEEDY_VIEW, EVERY_VIEW, VIEWS, View
from tests.support.wrong_answers import (
    ELSEWHERE,
    EVERYTHING,
    NO_CONNECTION,
    SIGN_IN_AGAIN,
    WITHOUT_CONTENT,
    asked_at_most_once,
    claims_to_be_empty,
    let_all_reads_fail,
    named,
    watch_elsewhere,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.support.fake_cloud import FakeCloud
    from tests.support.wrong_answers import Wrong

pytestmark = pytest.mark.usefixtures("one_of_each")
# These show what is available: without an answer of Cinder's they still contain nothing wrong.
CONTENT = [view for view in VIEWS if not view.needs]
LISTS = {"disks/": "volumes", "snapshots/": "snapshots", "backups/": "backups", f"disks/{DISK}/snapshots/": "snapshots"}
REFUSED, GONE, SLOW_DOWN, NONSENSE = named("403", "404", "429", "HTML")
# Views that watch a resource or only mention it report in another way that it is gone.
WATCHING = (f"disks/{DISK}/", f"snapshots/{SNAPSHOT}/", "snapshots/details/", "backups/details/")


def check_failure(cloud: FakeCloud, client: Client, view: View, wrong: Wrong, headers: dict[str, str]) -> None:
    """Check the answer of a view while Cinder gives this answer."""
    cloud.forget()
    answer = client.get(view.url, headers=headers)
    page = Page(answer)
    case = f"{view} as {'a fragment' if headers else 'a page'}, where Cinder answers {wrong}"
    assert answer.status_code == wrong.status, case
    assert [told for told in wrong.told() if told not in page.text] == [], case
    assert page.select(".reason"), case
    assert claims_to_be_empty(page) == [], case
    assert bool(page.select("main")) == (not headers), case
    # Over a page, the error changes neither the page's content nor its address.
    assert answer.get("HX-Reswap") == ("none" if headers else None), case
    assert answer.get("HX-Push-Url") == ("false" if headers else None), case
    assert answer.get("Retry-After") == ("7" if wrong.status == 429 else None), case
    assert asked_at_most_once(cloud), case


@EVERY_NEEDY_VIEW
def test_it_says_what_the_cloud_said(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    """Either only the necessary request fails, or all that it reads."""
    for wrong, headers in ((NO_CONNECTION, HTMX), (REFUSED, {})):
        cloud.http.get(cloud.at(view.needs), **wrong.http)
        check_failure(cloud, signed_in, view, wrong, headers)
    for wrong, headers in ((SLOW_DOWN, {}), (NONSENSE, HTMX), (WITHOUT_CONTENT, HTMX), (GONE, HTMX)):
        if wrong is not GONE or str(view) not in WATCHING:
            let_all_reads_fail(cloud, wrong.http)
            check_failure(cloud, signed_in, view, wrong, headers)


@EVERY_NEEDY_VIEW
def test_it_asks_to_sign_in_when_the_token_has_ended(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    kept = signed_in.session[KEY]
    cloud.http.get(cloud.at(view.needs), **SIGN_IN_AGAIN.http)
    fragment = signed_in.get(view.url, headers=HTMX)
    assert (fragment.status_code, fragment["HX-Retarget"]) == (401, "#sign-in")
    # The token is deleted, so that the user can sign in on the sign-in page.
    assert KEY not in signed_in.session
    session = signed_in.session
    session[KEY] = kept
    session.save()
    let_all_reads_fail(cloud, SIGN_IN_AGAIN.http)
    cloud.forget()
    assert signed_in.get(view.url)["Location"].startswith("/sign-in/?next=")
    assert asked_at_most_once(cloud)
    assert cloud.asked() != []


@pytest.mark.parametrize("view", CONTENT, ids=str)
def test_it_opens_all_the_same(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    fields = sent_by(signed_in.get(view.url, headers=HTMX)).keys()
    for wrong in (NO_CONNECTION, WITHOUT_CONTENT, REFUSED, SLOW_DOWN, NONSENSE):
        let_all_reads_fail(cloud, wrong.http)
        for headers in BOTH_WAYS if wrong is NONSENSE else [HTMX]:
            cloud.forget()
            answer = signed_in.get(view.url, headers=headers)
            case = f"{view} as {'a fragment' if headers else 'a page'}, where Cinder answers {wrong}"
            assert answer.status_code == 200, case
            assert sent_by(answer).keys() >= fields, case
            assert asked_at_most_once(cloud), case


@pytest.mark.parametrize("path", LISTS)
def test_it_follows_no_link_to_another_host(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    links = {f"{name}_links": [{"rel": "next", "href": f"{ELSEWHERE}/v3/x?marker={DISK}"}] for name in LISTS.values()}
    rows: Answer = {"volumes": cloud.volumes, "snapshots": cloud.snapshots, "backups": cloud.backups}
    cloud.http.get(cloud.at(f"/{LISTS[path]}/detail"), json={**rows, **links})
    watch_elsewhere(cloud)
    for query in ("", "?q=a", "?sort=-size"):
        assert signed_in.get(f"{HERE}/{path}{query}").status_code == 200
    assert cloud.requests(ELSEWHERE) == []


# --- Answers of which a part is spoilt --------------------------------------------------------------------------------


def mixed(row: Answer) -> Answer:
    """Spoil each value in a different way."""
    wrong: list[Any] = [7, "<moon>", None, [None, 7, "x", {}], {"a": None, "": [7]}]
    return {key: wrong[number % len(wrong)] for number, key in enumerate(row)}


def spoilt_body(spoil: Callable[[Answer], Answer]) -> Answer:
    """One answer with everything that any request of Diskboard's looks for; all of it is spoilt except the ids."""
    spoils = [spoil, *SPOILT.values()]
    made = {
        "volume": (volume(1), {"id": DISK}),
        "snapshot": (snapshot(1001), {"id": SNAPSHOT}),
        "backup": (backup(2001), {"id": an_id(2001)}),
        "message": (message(about=DISK), {}),
        "volume_type": (disk_type(4001, "ceph-ssd"), {}),
    }
    things = {name: {**spoil(row), **kept} for name, (row, kept) in made.items()}
    lists = {f"{name}s": [{**one(row), **kept} for one in spoils] for name, (row, kept) in made.items()}
    zone: Answer = {"zoneName": "nova", "zoneState": {"available": True}}
    others = {
        "limits": {"absolute": spoil({"maxTotalVolumes": 1, "totalVolumesUsed": 1})},
        "quota_set": spoil({"gigabytes_ceph-ssd": {}, "volumes_ceph-ssd": {}, "snapshots_ceph-ssd": {}}),
        "volume-summary": spoil({"total_size": 1, "total_count": 1}),
        "metadata": spoil({"a": "b", "c": "d"}),
        "availabilityZoneInfo": [one(zone) for one in spoils],
        "resource_filters": [{"resource": "volume", "filters": []}],
    }
    return {**things, **lists, **others}


@EVERY_VIEW
def test_it_survives_what_is_spoilt(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for spoil, headers in zip((mixed, SPOILT["words"]), BOTH_WAYS, strict=True):
        cloud.http.get(EVERYTHING, json=spoilt_body(spoil))
        answer = signed_in.get(view.url, headers=headers)
        case = f"{view} as {'a fragment' if headers else 'a page'}"
        assert answer.status_code in {200, 204}, case
        # In a file it is ordinary text.
        assert "<moon>" not in text_of(answer) or answer["Content-Type"].startswith("text/csv"), case


@pytest.mark.parametrize("path", LISTS)
def test_one_bad_row_leaves_the_others(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    name = LISTS[path]
    make: Callable[..., Answer] = {"volumes": volume, "snapshots": snapshot, "backups": backup}[name]
    bad = [{**spoil(make(10)), "id": an_id(100 + number)} for number, spoil in enumerate(SPOILT.values())]
    rows: list[Any] = [*bad, make(11, id=None), make(12, id=7), None, 7, "x", [], make(13, name="a good one")]
    cloud.http.get(cloud.at(f"/{name}/detail"), json={name: rows, "count": len(rows)})
    for headers in BOTH_WAYS:
        shown = names(signed_in.get(f"{HERE}/{path}", headers=headers))
        assert len(shown) == len(bad) + 1
        assert shown[-1] == "a good one"
