"""A change in Cinder, told to the audit log: what was done to what, and what came of it."""

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
# Of what is sent, this is told, by our own names
TOLD = {
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
    """Record the change that is made within this; what it yields takes what else there is to tell."""
    facts = _facts(path, content)
    try:
        yield facts
    except CloudError as error:
        audit.record(_action(method, path, content), cloud=cloud, error=error, **facts)
        raise
    audit.record(_action(method, path, content), cloud=cloud, **facts)


def _parts(path: str) -> list[str]:
    """Return the parts of ``/volumes/<id>/action``, filled up to three."""
    return [*path.partition("?")[0].strip("/").split("/"), "", ""][:3]


def _action(method: str, path: str, content: Mapping[str, Any]) -> str:
    kind, _id, tail = _parts(path)
    verb = METHODS[method]
    if tail == "action":
        asked = next(iter(content), tail)
        verb = ACTIONS.get(asked, asked)
    elif tail == "metadata":
        verb = "set-properties"
    return f"{SUBJECTS.get(kind, kind)}.{verb}"


def _facts(path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    _kind, resource_id, tail = _parts(path)
    sent = next(iter(content.values()), None)
    told = sent if isinstance(sent, dict) and tail != "metadata" else {}
    cascade = {"with_snapshots": True} if "cascade=true" in path else {}
    return {"id": resource_id, **cascade, **{ours: told[name] for name, ours in TOLD.items() if name in told}}
