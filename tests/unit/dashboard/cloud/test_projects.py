"""The labels of projects, and their slugs in URLs."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from dashboard.accounts.session import KEY
from dashboard.cloud.projects import Project, labels, region_in_slug, slug_of
from tests.support.canned import SignIn
from tests.support.cloud_rows import volume
from tests.support.fake_cloud import KEYSTONE, OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.pages import HERE, Page, names, options

ODD_REGIONS = ["eu/north", "eu~north", "~", "eu~2Fnorth", "eu@north", "Центр 1", "a?b#c%2F", "", "r" * 255, "/" * 255]

# Sorted after all of these
LAST = "Я"


@pytest.mark.parametrize("region", ODD_REGIONS)
def test_every_region_fits_into_a_url(region: str) -> None:
    slug = slug_of(PROJECT, region, ("another", region))
    assert resolve(reverse("disks", kwargs={"project": slug}).replace("%25", "%")).url_name == "disks"
    assert "/" not in slug


def test_different_regions_have_different_slugs() -> None:
    assert len({region_in_slug(region) for region in ODD_REGIONS}) == len(ODD_REGIONS)
    assert region_in_slug("RegionOne") == "RegionOne"


@pytest.mark.django_db
@pytest.mark.parametrize("region", ODD_REGIONS)
def test_a_region_with_an_odd_name_can_be_opened(cloud: FakeCloud, enter: SignIn, region: str) -> None:
    cloud.regions = [region, LAST]
    cloud.volumes = [volume(1, name="data")]
    client = enter()
    slug = slug_of(PROJECT, region, (region, LAST))
    home = client.post("/switch-project/", {"project": slug})["Location"]
    assert home == reverse("disks", kwargs={"project": slug})
    page = client.get(home)
    assert names(page) == ["data"]
    assert Page(page).field("Region").value == slug
    assert client.get("/")["Location"] == home


def test_names_that_differ_stay_as_they_are() -> None:
    assert labels([Project("1", "one", "A"), Project("2", "two", "B")]) == {"1": "one", "2": "two"}


def test_equal_names_have_their_domain() -> None:
    found = labels([Project("1", "web", "A"), Project("2", "web", "B"), Project("3", "two", "B")])
    assert found == {"1": "web (A)", "2": "web (B)", "3": "two"}


def test_names_that_look_the_same_are_equal() -> None:
    looks = [Project("1", "é", "A"), Project("2", "e\u0301", "B"), Project("3", "web", "A"), Project("4", "web ", "B")]
    assert labels(looks) == {"1": "é (A)", "2": "e\u0301 (B)", "3": "web (A)", "4": "web  (B)"}


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u0301"])
def test_a_project_without_a_visible_name_has_its_id(name: str) -> None:
    assert labels([Project("1" * 32, name, "A"), Project("2", "web", "A")])["1" * 32] == "1" * 32


@pytest.mark.parametrize("domain", ["", "A"])
def test_equal_names_have_their_id_where_no_domain_tells_them_apart(domain: str) -> None:
    found = labels([Project("1" * 32, "web", domain), Project("2" * 32, "web", domain), Project("3", "web", "B")])
    assert found == {"1" * 32: f"web ({'1' * 8})", "2" * 32: f"web ({'2' * 8})", "3": "web (B)"}


@pytest.fixture
def twins(cloud: FakeCloud) -> FakeCloud:
    """A cloud with two projects of one name: one in the user's own domain."""
    cloud.projects = {PROJECT: "web", OTHER_PROJECT: "web"}
    domains = {PROJECT: "default", OTHER_PROJECT: "d" * 32}
    rows: list[dict[str, Any]] = [
        {"id": key, "name": name, "domain_id": domains[key], "enabled": True} for key, name in cloud.projects.items()
    ]
    cloud.http.get(f"{KEYSTONE}/auth/projects", json={"projects": rows})
    return cloud


@pytest.mark.django_db
@pytest.mark.usefixtures("twins")
def test_pages_tell_two_projects_of_one_name_apart(sign_in: SignIn) -> None:
    client = sign_in()
    page = client.get(f"{HERE}/disks/")
    assert options(page, "project") == ["web (Default)", "web (dddddddd)"]
    titles = [Page(client.get(f"/p/{project}/disks/")).select("title")[0].text for project in (PROJECT, OTHER_PROJECT)]
    assert titles == ["Disks · web (Default) · Diskboard", "Disks · web (dddddddd) · Diskboard"]


@pytest.mark.django_db
def test_the_title_names_no_project_that_needs_no_telling_apart(signed_in: Client) -> None:
    assert Page(signed_in.get(f"{HERE}/disks/")).select("title")[0].text == "Disks · Diskboard"


@pytest.mark.django_db
def test_a_session_of_before_knows_no_domains(signed_in: Client) -> None:
    session = signed_in.session
    login = {name: value for name, value in session[KEY]["login"].items() if name != "named_project"}
    session[KEY] = {**session[KEY], "login": {**login, "projects": [{"id": PROJECT, "name": "Project one"}]}}
    session.save()
    assert signed_in.get(f"{HERE}/disks/").status_code == 200
