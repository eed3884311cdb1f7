"""What every test may use."""

import pytest
from pytest_django.fixtures import Settings

pytest_plugins = ["tests.support.canned", "tests.support.devcloud", "tests.support.misbehaving"]


@pytest.fixture(autouse=True)
def _cache_in_memory(settings: Settings) -> None:
    """Most tests have no database, in which the cache is kept."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
