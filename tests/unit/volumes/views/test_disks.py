"""The Disks page."""

import re

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import (
    FAULT_HEADERS,
    KEYSTONE,
    OTHER_PROJECT,
    PROJECT,
    REQUEST_ID,
    Answer,
    FakeCloud,
    an_id,
    fault,
    volume,
)

URL = f"/p/{PROJECT}/disks/"
ROW = re.compile(r'<tr id="row-')


def test_it_shows_the_disks(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2, name="root", bootable="true", size=40)]
    page = signed_in.get(URL)
    assert page.status_code == 200
    text = page.content.decode()
    assert len(ROW.findall(text)) == 2
    assert "<h1>Disks</h1>" in text
    assert "40 GB" in text
    assert 'aria-label="Select data"' in text
    assert 'aria-label="Actions for root"' in text
    assert "2 in all" in text


def test_it_gives_the_table_alone_to_htmx(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    part = signed_in.get(URL, headers=HTMX)
    assert part.status_code == 200
    assert part.content.lstrip().startswith(b'<div id="table"')
    assert b"<html" not in part.content


@pytest.mark.parametrize("extra", [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}])
def test_it_gives_the_whole_page_to_boosted_links_and_history(signed_in: Client, extra: dict[str, str]) -> None:
    assert b"<html" in signed_in.get(URL, headers={**HTMX, **extra}).content


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_varies_by_htmx(signed_in: Client, headers: dict[str, str]) -> None:
    assert "HX-Request" in signed_in.get(URL, headers=headers)["Vary"]


def test_it_names_an_unnamed_disk_by_its_id(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="")]
    assert f'aria-label="Select {an_id(1)}"' in signed_in.get(URL).content.decode()


def test_it_escapes_what_people_named_their_disks(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name='"><script>alert(1)</script>', volume_type="<b>", availability_zone="<i>")]
    text = signed_in.get(URL).content.decode()
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert "<i>" not in text


def test_it_leads_to_a_disks_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    assert f'href="{URL}{an_id(1)}/snapshots/"' in signed_in.get(URL).content.decode()


def test_it_says_that_an_empty_project_is_empty(signed_in: Client) -> None:
    text = signed_in.get(URL).content.decode()
    assert "No disks yet" in text
    assert not ROW.search(text)


def test_it_says_what_was_searched_for_in_vain(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    text = signed_in.get(URL, {"q": "<nowhere>"}).content.decode()
    assert "&lt;nowhere&gt;" in text
    assert "No disks yet" not in text


def test_it_finds_by_a_part_of_the_name(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="Archive"), volume(2, name="other")]
    text = signed_in.get(URL, {"q": "ARCH"}).content.decode()
    assert "Select Archive" in text
    assert "Select other" not in text


def test_it_turns_pages_forth_and_back(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(45, 0, -1)]
    first = signed_in.get(URL).content.decode()
    assert 'rel="prev"' not in first
    second = signed_in.get(URL + _link(first, "next")).content.decode()
    assert "Select disk-25" in second
    assert "Select disk-26" not in second
    third = signed_in.get(URL + _link(second, "next")).content.decode()
    assert 'rel="next"' not in third
    assert len(ROW.findall(third)) == 5
    again = signed_in.get(URL + _link(third, "prev")).content.decode()
    assert _names(again) == _names(second)


def test_it_keeps_the_order_on_the_next_page(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(number) for number in range(25, 0, -1)]
    first = signed_in.get(URL, {"sort": "-size"}).content.decode()
    signed_in.get(URL + _link(first, "next"))
    assert cloud.query()["sort"] == "size:desc"


def test_it_falls_back_to_page_one_where_the_marker_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    page = signed_in.get(URL, {"marker": an_id(77)})
    assert page.status_code == 200
    assert b"no longer exists" in page.content
    assert len(ROW.findall(page.content.decode())) == 1


def test_it_does_not_call_a_project_empty_beyond_its_last_disk(cloud: FakeCloud, signed_in: Client) -> None:
    """The last page's only disk was deleted meanwhile: the table is read anew at the same position."""
    cloud.volumes = [volume(2), volume(1)]
    text = signed_in.get(URL, {"marker": an_id(1)}).content.decode()
    assert "No disks yet" not in text


def test_it_marks_the_sorted_column(signed_in: Client, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1)]
    text = signed_in.get(URL, {"sort": "name"}).content.decode()
    assert text.count("aria-sort=") == 1
    assert 'aria-sort="ascending"><a href="?sort=-name"' in text


def test_it_survives_rows_that_lack_everything(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [{"id": an_id(1)}, dict.fromkeys(volume(2)) | {"id": an_id(2)}, volume(3, status="moonstruck")]
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert len(ROW.findall(page.content.decode())) == 3
    assert b"moonstruck" in page.content


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "volume-00000001"},
        {"attachments": 7},
        {"attachments": [None, "x", {"server_id": None}]},
        {"size": "big"},
        {"name": ["x"]},
        {"created_at": "0001-01-01T00:00:00"},
        {"created_at": "9999-12-31T23:59:59"},
        {"created_at": "yesterday"},
    ],
    ids=str,
)
def test_it_survives_a_row_that_makes_no_sense(cloud: FakeCloud, signed_in: Client, changes: Answer) -> None:
    cloud.volumes = [volume(1, **changes), volume(2)]
    signed_in.raise_request_exception = False
    page = signed_in.get(URL)
    assert page.status_code == 200
    assert b"Select disk-2" in page.content


def test_it_greys_writing_for_readers(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    cloud.volumes = [volume(1)]
    text = sign_in().get(URL).content.decode()
    assert "/create-snapshot/" not in text
    assert 'aria-disabled="true"' in text
    assert 'aria-label="Select disk-1"' in text


def test_it_greys_nothing_for_members(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    text = signed_in.get(URL).content.decode()
    assert f'hx-get="{URL}{an_id(1)}/create-snapshot/"' in text
    assert 'aria-disabled="true"' not in text


def test_it_greys_the_snapshot_of_a_disk_in_error(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, status="error")]
    text = signed_in.get(URL).content.decode()
    assert "/create-snapshot/" not in text
    assert 'aria-disabled="true"' in text


def test_it_sends_to_sign_in_and_back(db: None, client: Client) -> None:  # noqa: ARG001
    answer = client.get(f"{URL}?q=x")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next=%2Fp%2F{PROJECT}%2Fdisks%2F%3Fq%3Dx"


def test_it_opens_sign_in_over_the_page(db: None, client: Client) -> None:  # noqa: ARG001
    answer = client.get(URL, headers=HTMX)
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#sign-in"
    assert b"<dialog" in answer.content
    assert b'name="password"' in answer.content


@pytest.mark.parametrize("project", [OTHER_PROJECT, "nonsense", f"{PROJECT}@nowhere", f"@{PROJECT}"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_knows_no_other_project(cloud: FakeCloud, signed_in: Client, project: str, headers: dict[str, str]) -> None:
    answer = signed_in.get(f"/p/{project}/disks/", headers=headers)
    assert answer.status_code == 404
    assert cloud.asked() == []
    assert cloud.asked(KEYSTONE) == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["", "changes/"])
def test_it_only_reads(signed_in: Client, cloud: FakeCloud, method: str, path: str) -> None:
    assert getattr(signed_in, method)(URL + path).status_code == 405
    assert cloud.asked() == []


def test_it_answers_a_head(signed_in: Client) -> None:
    assert signed_in.head(URL).status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "error",
    [requests.ConnectTimeout("no route"), requests.ConnectionError("no route"), requests.ReadTimeout("no route")],
    ids=lambda error: type(error).__name__,
)
def test_it_never_calls_a_project_empty_when_the_cloud_is_down(
    cloud: FakeCloud, signed_in: Client, error: Exception, headers: dict[str, str]
) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), exc=error)
    answer = signed_in.get(URL, headers=headers)
    assert answer.status_code == 503
    assert b"No disks yet" not in answer.content
    assert b'class="reason"' in answer.content
    assert (b'<p role="alert">' if not headers else b'<div id="alerts" hx-swap-oob') in answer.content


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("theirs", "ours"), [(400, 400), (403, 403), (409, 409), (413, 409), (429, 429), (500, 502), (503, 502)]
)
def test_it_passes_a_failure_on_with_its_reason(
    cloud: FakeCloud, signed_in: Client, theirs: int, ours: int, headers: dict[str, str]
) -> None:
    body = fault("fault", theirs, "The <hamster> is tired.")
    cloud.http.get(cloud.at("/volumes/detail"), status_code=theirs, json=body, headers=FAULT_HEADERS)
    answer = signed_in.get(URL, headers=headers)
    assert answer.status_code == ours
    text = answer.content.decode()
    assert "The &lt;hamster&gt; is tired." in text
    assert REQUEST_ID in text
    assert "No disks yet" not in text
    assert ("<html" in text) == (not headers)


def test_it_tells_htmx_to_leave_the_table_when_the_cloud_fails(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), status_code=500)
    assert signed_in.get(URL, headers=HTMX)["HX-Reswap"] == "none"


def test_it_varies_by_htmx_also_when_the_cloud_fails(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), status_code=500)
    assert "HX-Request" in signed_in.get(URL).get("Vary", "")


def test_it_says_how_long_to_wait_when_the_cloud_says_so(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), status_code=429, headers={"Retry-After": "17"})
    assert signed_in.get(URL)["Retry-After"] == "17"


def test_it_offers_to_try_again(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/volumes/detail"), status_code=500)
    assert f'href="{URL}?sort=name"' in signed_in.get(URL, {"sort": "name"}).content.decode()


def test_it_asks_to_sign_in_when_cinder_takes_the_token_no_more(cloud: FakeCloud, signed_in: Client) -> None:
    """A token can be revoked long before it expires; a redirect from sign-in straight back would never end."""
    cloud.http.get(cloud.at("/volumes/detail"), status_code=401)
    page = signed_in.get(URL, follow=True)
    assert b'name="password"' in page.content


def test_it_shows_the_disks_of_each_region(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.regions = ["North", "South"]
    client = sign_in()
    cloud.http.get("http://south.test/", json=cloud.versions())
    cloud.http.get(f"http://south.test/v3/{PROJECT}/volumes/detail", json={"volumes": [volume(5, name="penguin")]})
    page = client.get(f"/p/{PROJECT}@South/disks/")
    assert b"Select penguin" in page.content
    assert client.get("/")["Location"] == f"/p/{PROJECT}@North/disks/"


def test_it_keeps_the_tabs_of_two_projects_apart(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.projects[OTHER_PROJECT] = "Project two"
    client = sign_in()
    theirs = {"volumes": [volume(5, name="theirs")]}
    cloud.http.get(cloud.at("/volumes/detail", OTHER_PROJECT), json=theirs)
    cloud.volumes = [volume(1, name="ours")]
    assert b"Select theirs" in client.get(f"/p/{OTHER_PROJECT}/disks/").content
    assert b"Select ours" in client.get(URL).content
    assert [one.headers["X-Auth-Token"] for one in cloud.requests() if "detail" in one.url] == [
        cloud.scoped_token(OTHER_PROJECT),
        cloud.scoped_token(PROJECT),
    ]


def _link(text: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text)
    assert found
    return found[1].replace("&amp;", "&")


def _names(text: str) -> list[str]:
    return re.findall(r'aria-label="Select (disk-\d+)"', text)


@pytest.mark.parametrize(("before", "told"), [("", "?q=disk-1&sort=name"), ("?q=disk-1", None)])
def test_a_refresh_follows_the_search_box(signed_in: Client, before: str, told: str | None) -> None:
    """What was typed while the session had ended is sent along with the address of the table that is there."""
    headers = {**HTMX, "HX-Trigger": "table", "HX-Current-URL": f"http://testserver{URL}{before}"}
    text = signed_in.get(URL).content.decode()
    assert 'hx-include="#search [name=q]"' in text.partition('<div id="table"')[2].partition(">")[0]
    answer = signed_in.get(f"{URL}?q=&sort=name&q=disk-1", headers=headers)
    assert answer.get("HX-Replace-Url") == (told and f"{URL}{told}")
