"""What Cinder was asked to change."""

from typing import Any

from tests.support.fake_cloud import FakeCloud


def deleted(cloud: FakeCloud) -> list[str]:
    """The ids of what Cinder was told to delete, sorted; that of a disk that takes its snapshots along has a plus."""
    asked = [one for one in cloud.requests() if one.method == "DELETE"]
    return sorted(one.url.rsplit("/", 1)[1].replace("?cascade=true", "+") for one in asked)


def created_snapshots(cloud: FakeCloud) -> list[dict[str, Any]]:
    """The snapshots that Cinder was told to create, in the words of the request."""
    asked = [one for one in cloud.requests() if one.method == "POST" and one.path.endswith("/snapshots")]
    return [one.json()["snapshot"] for one in asked]
