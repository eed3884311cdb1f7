"""What holds for every view, form, setting and text, without a network."""

import pytest
from hypothesis import settings

from tests.support import hypothesis_profiles  # noqa: F401  # they are registered there
from tests.support.fake_cloud import FakeCloud
from tests.support.views import stock_one_of_each


def pytest_configure(config: pytest.Config) -> None:
    """Let Hypothesis try as much as the profile wants."""
    settings.load_profile(config.getoption("--profile"))


@pytest.fixture(autouse=True)
def _fresh_start(fresh_start: None) -> None:
    """Nothing that an earlier test left behind decides a later one."""


@pytest.fixture
def one_of_each(cloud: FakeCloud) -> None:
    """Let the cloud have what the table of views is about."""
    stock_one_of_each(cloud)
