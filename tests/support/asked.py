"""The changes that Cinder was asked for."""

from typing import Any

from tests.support.fake_cloud import FakeCloud


def deleted(cloud: FakeCloud) -> list[str]:
    """The sorted ids of what Cinder was told to delete; a plus marks a disk that is deleted with its snapshots."""
    asked = [one for one in cloud.requests() if one.method == "DELETE"]
    return sorted(one.url.rsplit("/", 1)[1].replace("?cascade=true", "+") for one in asked)


def created_snapshots(cloud: FakeCloud) -> list[dict[str, Any]]:
    """The snapshots that Cinder was told to create, as in the requests."""
    asked = [one for one in cloud.requests() if one.method == "POST" and one.path.endswith("/snapshots")]
    return [one.json()["snapshot"] for one in asked]
