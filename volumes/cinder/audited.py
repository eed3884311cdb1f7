"""Entries in the audit log for changes in Cinder: the action, the resource and the result."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dashboard.cloud import audit
from dashboard.cloud.errors import CloudError
from dashboard.cloud.keystone import Cloud

SUBJECTS = {"volumes": "disk", "snapshots": "snapshot", "backups": "backup"}
METHODS = {"POST": "create", "PUT": "edit", "DELETE": "delete"}
# Cinder's actions on a volume (API reference, "Volume actions")
ACTIONS = {
    "os-extend": "resize",
    "os-retype": "change-type",
    "os-set_bootable": "set-bootable",
    "revert": "roll-back",
}
# The request's fields that are logged, with their names in the log
LOGGED_FIELDS = {
    "name": "name",
    "size": "size",
    "new_size": "size",
    "volume_type": "disk_type",
    "new_type": "disk_type",
    "bootable": "bootable",
    "volume_id": "disk_id",
    "source_volid": "source_disk_id",
    "snapshot_id": "snapshot_id",
    "backup_id": "backup_id",
}


@contextmanager
def audited(cloud: Cloud, method: str, path: str, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Log the change made within this context. It yields a dict to which more facts for the entry can be added."""
    facts = _facts(path, content)
    try:
        yield facts
    except CloudError as error:
        audit.record(_action(method, path, content), cloud=cloud, error=error, **facts)
        raise
    audit.record(_action(method, path, content), cloud=cloud, **facts)


def _parts(path: str) -> list[str]:
    """Return the three parts of a path such as ``/volumes/<id>/action``; missing ones are empty."""
    return [*path.partition("?")[0].strip("/").split("/"), "", ""][:3]


def _action(method: str, path: str, content: Mapping[str, Any]) -> str:
    kind, _id, tail = _parts(path)
    verb = METHODS[method]
    if tail == "action":
        cinder_action = next(iter(content), tail)
        verb = ACTIONS.get(cinder_action, cinder_action)
    elif tail == "metadata":
        verb = "set-properties"
    return f"{SUBJECTS.get(kind, kind)}.{verb}"


def _facts(path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    _kind, resource_id, tail = _parts(path)
    content_value = next(iter(content.values()), None)
    fields = content_value if isinstance(content_value, dict) and tail != "metadata" else {}
    logged = {our_name: fields[name] for name, our_name in LOGGED_FIELDS.items() if name in fields}
    cascade = {"with_snapshots": True} if "cascade=true" in path else {}
    return {"id": resource_id, **cascade, **logged}
