"""Modules one by one, without a network."""

import pytest


@pytest.fixture(autouse=True)
def _fresh_start(fresh_start: None) -> None:
    """Nothing that an earlier test left behind decides a later one."""
