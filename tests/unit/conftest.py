"""Tests of single modules, without a network."""

import pytest


@pytest.fixture(autouse=True)
def _fresh_start(fresh_start: None) -> None:
    """Clear all state that an earlier test left, so that it can't affect a later one."""
