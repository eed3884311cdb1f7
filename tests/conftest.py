"""Fixtures for every test, and the two profiles: ``quick`` for ``make test``, ``full`` for ``make test-all``."""

import pytest
from pytest_django.fixtures import Settings

pytest_plugins = [
    "tests.support.built",
    "tests.support.canned",
    "tests.support.chromium",
    "tests.support.devcloud",
    "tests.support.misbehaving",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the profile."""
    parser.addoption("--profile", choices=("quick", "full"), default="quick", help="how much to try; quick unless told")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks of the profiles."""
    config.addinivalue_line("markers", "full: runs in the full profile only")
    config.addinivalue_line("markers", "sized: tries more in the full profile")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of the full profile in the quick one."""
    if config.getoption("--profile") == "full":
        return
    left_out = [item for item in items if item.get_closest_marker("full")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether this run uses the full profile."""
    return bool(request.config.getoption("--profile") == "full")


@pytest.fixture(autouse=True)
def _cache_in_memory(settings: Settings) -> None:
    """Use a cache in memory: most tests have no database, which holds the cache otherwise."""
    in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": in_memory, "process": in_memory}
