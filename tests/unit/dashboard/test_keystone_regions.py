"""A cloud of several regions: each has disks of its own, and its place in the address."""

import re
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Preference
from tests.support.canned import SignIn
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PROJECT, USER, FakeCloud, volume
from tests.support.pages import Answered, options, text_of

NORTH, SOUTH = (f"/p/{PROJECT}@{region}/disks/" for region in ("North", "South"))
IN_SOUTH = "http://south.test"


@pytest.fixture
def two(cloud: FakeCloud) -> FakeCloud:
    """A cloud of two regions; `http` has the disks of the second one."""
    cloud.regions = ["North", "South"]
    cloud.volumes = [volume(1, name="northern")]
    cloud.http.get(f"{IN_SOUTH}/", status_code=300, json=cloud.versions())
    there: dict[str, list[Any]] = {"volumes": [volume(2, name="southern")], "snapshots": [], "backups": []}
    for project in (PROJECT, OTHER_PROJECT):
        for name, rows in there.items():
            cloud.http.get(f"{IN_SOUTH}/v3/{project}/{name}/detail", json={name: rows, "count": len(rows)})
        cloud.http.get(f"{IN_SOUTH}/v3/{project}/resource_filters", json={"resource_filters": []})
    return cloud


def switcher(page: Answered, name: str) -> str:
    """The form in the header that holds that control."""
    found = re.search(
        rf'<form class="switcher"(?:(?!</form>).)*<select id="{name}".*?</form>', text_of(page), re.DOTALL
    )
    return found[0] if found else ""


def chosen(form: str) -> list[str]:
    return re.findall(r'<option value="([^"]*)" selected', form)


def test_it_offers_each_region(two: FakeCloud, sign_in: SignIn) -> None:
    page = sign_in().get(NORTH)
    form = switcher(page, "region")
    assert '<label for="region">Region</label>' in form
    assert 'method="post" action="/switch-project/"' in form
    assert "data-submit-on-change" in form
    assert "csrfmiddlewaretoken" in form
    assert re.search(r"<noscript><button[^>]*>Switch</button></noscript>", form)
    assert re.findall(r'<option value="([^"]*)"', form) == [f"{PROJECT}@{region}" for region in two.regions]
    assert re.findall(r"<option[^>]*>([^<]*)</option>", form) == two.regions
    assert chosen(form) == [f"{PROJECT}@North"]


def test_it_leads_to_the_other_region_and_remembers_it(two: FakeCloud, sign_in: SignIn) -> None:
    client = sign_in()
    assert client.get("/")["Location"] == NORTH
    assert client.post("/switch-project/", {"project": f"{PROJECT}@South"})["Location"] == SOUTH
    assert client.get("/")["Location"] == SOUTH
    assert client.get("/snapshots/?q=x")["Location"] == f"/p/{PROJECT}@South/snapshots/?q=x"
    assert sign_in().get("/")["Location"] == SOUTH
    assert Preference.objects.get().last_project == f"{PROJECT}@South"
    assert two.asked(KEYSTONE) == []


def test_it_shows_each_regions_own_disks(two: FakeCloud, sign_in: SignIn) -> None:
    client = sign_in()
    north, south = client.get(NORTH), client.get(SOUTH)
    assert ("Select northern" in text_of(north), "Select southern" in text_of(north)) == (True, False)
    assert ("Select northern" in text_of(south), "Select southern" in text_of(south)) == (False, True)
    assert chosen(switcher(south, "region")) == [f"{PROJECT}@South"]
    assert {one.headers["X-Auth-Token"] for one in two.requests(IN_SOUTH) if "detail" in one.url} == {
        two.scoped_token()
    }


def test_it_stays_in_the_region_when_the_project_is_switched(two: FakeCloud, sign_in: SignIn) -> None:
    two.projects[OTHER_PROJECT] = "Project two"
    client = sign_in()
    form = switcher(client.get(SOUTH), "project")
    assert re.findall(r'<option value="([^"]*)"', form) == [f"{PROJECT}@South", f"{OTHER_PROJECT}@South"]
    answer = client.post("/switch-project/", {"project": f"{OTHER_PROJECT}@South"})
    assert answer["Location"] == f"/p/{OTHER_PROJECT}@South/disks/"


def test_it_names_both_controls(two: FakeCloud, sign_in: SignIn) -> None:
    two.projects[OTHER_PROJECT] = "Project two"
    page = sign_in().get(NORTH)
    assert options(page, "project")
    text = text_of(page)
    assert len(re.findall(r'\sid="project"', text)) == len(re.findall(r'\sid="region"', text)) == 1


def test_it_offers_no_choice_of_one(signed_in: Client) -> None:
    page = signed_in.get(f"/p/{PROJECT}/disks/")
    assert switcher(page, "region") == ""
    assert ">Region<" not in text_of(page)


def test_it_offers_no_choice_where_the_operator_made_it(two: FakeCloud, sign_in: SignIn, settings: Any) -> None:
    settings.OS_REGION_NAME = "South"
    page = sign_in().get(f"/p/{PROJECT}/disks/")
    assert "Select southern" in text_of(page)
    assert two.asked() == []
    assert switcher(page, "region") == ""


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
    two: FakeCloud, sign_in: SignIn, regions: list[str], remembered: str, wanted: str
) -> None:
    two.regions = regions
    Preference.objects.create(keystone_url=KEYSTONE, user_id=USER, last_project=f"{PROJECT}{remembered}")
    assert sign_in().get("/")["Location"] == wanted


def test_it_goes_to_the_first_region_where_a_project_lacks_the_present_one(two: FakeCloud, sign_in: SignIn) -> None:
    """The header's switcher keeps the region, which another project's catalog may not have."""
    client = sign_in()
    for elsewhere in (f"{PROJECT}@West", f"{PROJECT}@North@South"):
        assert client.post("/switch-project/", {"project": elsewhere})["Location"] == NORTH
        assert Preference.objects.get().last_project == f"{PROJECT}@North"
    assert client.post("/switch-project/", {"project": "@North"}).status_code == 404
    assert two.requests(IN_SOUTH) == []


def test_it_names_the_region_in_an_address_that_lacks_it(two: FakeCloud, sign_in: SignIn) -> None:
    assert sign_in().get(f"/p/{PROJECT}/disks/?q=x")["Location"] == f"{NORTH}?q=x"
    assert two.asked() == []
