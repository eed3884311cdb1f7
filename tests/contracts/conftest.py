"""Rules for every view, form, setting and text, tested without a network."""

import pytest
from hypothesis import settings

from tests.support import hypothesis_profiles  # noqa: F401  # the profiles are registered there
from tests.support.fake_cloud import FakeCloud
from tests.support.views import stock_one_of_each


def pytest_configure(config: pytest.Config) -> None:
    """Let Hypothesis try the number of cases that the profile asks for."""
    settings.load_profile(config.getoption("--profile"))


@pytest.fixture(autouse=True)
def _fresh_start(fresh_start: None) -> None:
    """Clear all state that an earlier test left, so that it can't affect a later one."""


@pytest.fixture
def one_of_each(cloud: FakeCloud) -> None:
    """Add the resources of the table of views to the cloud."""
    stock_one_of_each(cloud)
