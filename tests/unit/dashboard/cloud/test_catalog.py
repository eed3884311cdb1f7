"""Which of a catalog's URLs is Cinder's API v3."""

import pytest
from pytest_django.fixtures import Settings

from dashboard.cloud import catalog, errors
from dashboard.cloud.catalog import Endpoint, Entry
from tests.support.fake_cloud import PROJECT


def found_in(*entries: tuple[str, str, str]) -> tuple[Endpoint, ...]:
    """The endpoints found in a catalog with these service types, regions and URLs."""
    listed = [Entry(*entry) for entry in entries]
    return catalog.block_storage(lambda name: [entry for entry in listed if entry.service_type == name], PROJECT)


def url_of(service_type: str, url: str) -> str:
    [endpoint] = found_in((service_type, "R", url))
    return endpoint.url


@pytest.mark.parametrize(
    "url",
    [
        f"http://cinder.test:8776/v3/{PROJECT}",
        f"http://cinder.test/volume/v3/{PROJECT}/",
        "http://cinder.test/v3",
        "http://cinder.test/v3/",
        "http://cinder.test/v3.0/",
        f"http://gateway.test/api/v1/volume/v3/{PROJECT}",
    ],
)
def test_it_takes_an_address_with_the_version_as_it_is(url: str) -> None:
    assert url_of("volumev3", url) == url


@pytest.mark.parametrize("service_type", catalog.BLOCK_STORAGE_TYPES)
@pytest.mark.parametrize(
    "root",
    [
        "http://cinder.test:8776",
        "http://cinder.test/volume",
        "http://v2.test/volume",
        "http://v3",
        "http://x.test/vol2",
        "http://x.test/v",
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_it_completes_an_address_without_a_version(service_type: str, root: str, slash: str) -> None:
    assert url_of(service_type, root + slash) == f"{root}/v3/{PROJECT}"


@pytest.mark.parametrize(
    ("service_type", "url"),
    [
        ("volumev2", f"http://cinder.test/v2/{PROJECT}"),
        ("volumev2", "http://cinder.test/volume"),
        ("volume", f"http://cinder.test/v1/{PROJECT}"),
        ("volume", "http://cinder.test/v2"),
        ("block-storage", f"http://cinder.test/v2/{PROJECT}/"),
    ],
)
def test_it_says_that_a_block_storage_is_too_old(service_type: str, url: str) -> None:
    with pytest.raises(errors.TooOld):
        found_in((service_type, "R", url))


def test_old_versions_beside_the_new_one_do_no_harm() -> None:
    new = f"http://cinder.test/v3/{PROJECT}"
    old = [("volume", "R", "http://cinder.test/v1/x"), ("volumev2", "R", "http://cinder.test/v2/x")]
    assert found_in(*old, ("volumev3", "R", new)) == (Endpoint("R", new),)


def test_a_region_that_has_only_old_ones_is_left_out() -> None:
    new = f"http://cinder.test/v3/{PROJECT}"
    assert found_in(("volume", "North", "http://n.test/v2"), ("volume", "South", new)) == (Endpoint("South", new),)


def test_it_says_that_the_chosen_region_has_none(settings: Settings) -> None:
    settings.OS_REGION_NAME = "North"
    with pytest.raises(errors.NoService) as caught:
        found_in(("volumev2", "South", "http://s.test/v2"), ("volumev3", "South", "http://s.test/v3"))
    assert not isinstance(caught.value, errors.TooOld)


def test_it_finds_nova_of_the_same_region() -> None:
    url = f"http://cinder.test/v3/{PROJECT}"
    compute = ("compute", "South", "http://nova.test/v2.1")
    assert found_in(("volumev3", "North", url), ("volumev3", "South", url), compute) == (
        Endpoint("North", url),
        Endpoint("South", url, "http://nova.test/v2.1"),
    )
