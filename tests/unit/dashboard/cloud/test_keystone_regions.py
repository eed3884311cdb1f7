"""A cloud with several regions: each has separate disks, and its name is in the address."""

from typing import Any

import pytest
from django.test import Client

from dashboard.accounts.models import Preference
from tests.support.canned import SignIn
from tests.support.cloud_rows import USER, volume
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.html import Element
from tests.support.pages import Answered, Page, names

NORTH, SOUTH = (f"/p/{PROJECT}@{region}/disks/" for region in ("North", "South"))
IN_SOUTH = "http://south.test"


@pytest.fixture
def two(cloud: FakeCloud) -> FakeCloud:
    """A cloud with two regions; `http` answers for the disks of the second one."""
    cloud.regions = ["North", "South"]
    cloud.volumes = [volume(1, name="northern")]
    cloud.http.get(f"{IN_SOUTH}/", status_code=300, json=cloud.versions())
    there: dict[str, list[Any]] = {"volumes": [volume(2, name="southern")], "snapshots": [], "backups": []}
    for project in (PROJECT, OTHER_PROJECT):
        for name, rows in there.items():
            cloud.http.get(f"{IN_SOUTH}/v3/{project}/{name}/detail", json={name: rows, "count": len(rows)})
        cloud.http.get(f"{IN_SOUTH}/v3/{project}/resource_filters", json={"resource_filters": []})
    return cloud


def switchers(answer: Answered) -> dict[str, Element]:
    """The forms in the header that switch to another project or region, by their label."""
    forms = [form for form in Page(answer).find("banner").find_all("form") if form["action"] == "/switch-project/"]
    return {form.find("combobox").name: form for form in forms}


def choices(switcher: Element) -> dict[str, str]:
    """The texts of the options, by the value that is sent."""
    return {option.value: option.text for option in switcher.find_all("option")}


def test_it_offers_each_region(two: FakeCloud, enter: SignIn) -> None:
    form = switchers(enter().get(NORTH))["Region"]
    assert form["method"] == "post"
    assert "data-submit-on-change" in form
    assert form.hidden("csrfmiddlewaretoken")
    assert [one.name for one in form.select("noscript")[0].find_all("button")] == ["Switch"]
    assert choices(form) == {f"{PROJECT}@{region}": region for region in two.regions}
    assert form.field("Region").value == f"{PROJECT}@North"


def test_it_leads_to_the_other_region_and_remembers_it(two: FakeCloud, enter: SignIn) -> None:
    client = enter()
    assert client.get("/")["Location"] == NORTH
    assert client.post("/switch-project/", {"project": f"{PROJECT}@South"})["Location"] == SOUTH
    assert client.get("/")["Location"] == SOUTH
    assert client.get("/snapshots/?q=x")["Location"] == f"/p/{PROJECT}@South/snapshots/?q=x"
    assert enter().get("/")["Location"] == SOUTH
    assert Preference.objects.get().last_project == f"{PROJECT}@South"
    assert two.asked(KEYSTONE) == []


def test_it_shows_each_regions_own_disks(two: FakeCloud, enter: SignIn) -> None:
    client = enter()
    north, south = client.get(NORTH), client.get(SOUTH)
    assert (names(north), names(south)) == (["northern"], ["southern"])
    assert Page(south).field("Region").value == f"{PROJECT}@South"
    assert {one.headers["X-Auth-Token"] for one in two.requests(IN_SOUTH) if "detail" in one.url} == {
        two.scoped_token()
    }


def test_it_stays_in_the_region_when_the_project_is_switched(two: FakeCloud, enter: SignIn) -> None:
    two.projects[OTHER_PROJECT] = "Project two"
    client = enter()
    form = switchers(client.get(SOUTH))["Project"]
    assert choices(form) == {f"{PROJECT}@South": "Project one", f"{OTHER_PROJECT}@South": "Project two"}
    answer = client.post("/switch-project/", {"project": f"{OTHER_PROJECT}@South"})
    assert answer["Location"] == f"/p/{OTHER_PROJECT}@South/disks/"


def test_it_names_both_controls(two: FakeCloud, enter: SignIn) -> None:
    two.projects[OTHER_PROJECT] = "Project two"
    page = enter().get(NORTH)
    assert list(switchers(page)) == ["Project", "Region"]
    assert Page(page).by_id("project")
    assert Page(page).by_id("region")


def test_it_offers_no_choice_of_one(signed_in: Client) -> None:
    page = signed_in.get(f"/p/{PROJECT}/disks/")
    assert switchers(page) == {}
    assert "Region" not in Page(page).find("banner").text


def test_it_offers_no_choice_where_the_operator_made_it(two: FakeCloud, sign_in: SignIn, settings: Any) -> None:
    settings.OS_REGION_NAME = "South"
    page = sign_in().get(f"/p/{PROJECT}/disks/")
    assert names(page) == ["southern"]
    assert two.asked() == []
    assert switchers(page) == {}


@pytest.mark.parametrize(
    ("regions", "remembered", "wanted"),
    [
        (["North", "South"], "@West", NORTH),
        (["North", "South"], "", NORTH),
        (["North"], "@West", f"/p/{PROJECT}/disks/"),
        (["North"], "@North", f"/p/{PROJECT}/disks/"),
        (["North", "South"], "@South", SOUTH),
    ],
)
def test_it_falls_back_where_a_region_is_gone(
    two: FakeCloud, enter: SignIn, regions: list[str], remembered: str, wanted: str
) -> None:
    two.regions = regions
    Preference.objects.create(keystone_url=KEYSTONE, user_id=USER, last_project=f"{PROJECT}{remembered}")
    assert enter().get("/")["Location"] == wanted


def test_it_goes_to_the_first_region_where_a_project_lacks_the_present_one(two: FakeCloud, enter: SignIn) -> None:
    """The header's switcher keeps the region, but another project's catalog may not have it."""
    client = enter()
    for elsewhere in (f"{PROJECT}@West", f"{PROJECT}@North@South"):
        assert client.post("/switch-project/", {"project": elsewhere})["Location"] == NORTH
        assert Preference.objects.get().last_project == f"{PROJECT}@North"
    assert client.post("/switch-project/", {"project": "@North"}).status_code == 404
    assert two.requests(IN_SOUTH) == []


def test_it_names_the_region_in_an_address_that_lacks_it(two: FakeCloud, enter: SignIn) -> None:
    assert enter().get(f"/p/{PROJECT}/disks/?q=x")["Location"] == f"{NORTH}?q=x"
    assert two.asked() == []
