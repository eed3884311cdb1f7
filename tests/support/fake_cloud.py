"""A cloud of canned HTTP answers: Keystone's and Cinder's, in the format of their API references."""

import ast
import itertools
import json
import re
from copy import deepcopy
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests_mock

from tests.support.cloud_rows import REQUEST_ID, USER, Answer, ago, backup, disk_type, fault, snapshot, volume
from tests.support.fake_keystone import (
    CINDER,
    CREDENTIAL,
    CREDENTIAL_SECRET,
    CREDENTIAL_TOKEN,
    KEYSTONE,
    NOVA,
    OTHER_PROJECT,
    PASSWORD,
    PROJECT,
    UNSCOPED,
    FakeKeystone,
)

__all__ = [
    "CINDER",
    "CREDENTIAL",
    "CREDENTIAL_SECRET",
    "CREDENTIAL_TOKEN",
    "FAULT_HEADERS",
    "JSON",
    "KEYSTONE",
    "NOVA",
    "OTHER_PROJECT",
    "PASSWORD",
    "PROJECT",
    "STOCK_FILTERS",
    "UNSCOPED",
    "FakeCloud",
]

# The filters that members may use by default (Cinder's own etc/cinder/resource_filters.json)
STOCK_FILTERS: dict[str, list[str]] = {
    "volume": [
        "name",
        "status",
        "metadata",
        "bootable",
        "migration_status",
        "availability_zone",
        "group_id",
        "size",
        "created_at",
        "updated_at",
        "consumes_quota",
    ],
    "backup": ["name", "status", "volume_id"],
    "snapshot": ["name", "status", "volume_id", "metadata", "availability_zone", "consumes_quota"],
    "message": ["resource_uuid", "resource_type", "event_id", "request_id", "message_level"],
}
# The statuses in which Cinder deletes a disk
DELETABLE_DISKS = ("available", "error", "error_restoring", "error_extending")
# The parameters of a list's query that are not filters
NO_FILTERS = frozenset({"limit", "marker", "sort", "with_count"})
LISTED = ("volumes", "snapshots", "backups")
ONE = re.compile(rf"{re.escape(CINDER)}/v3/[^/?]+/(\w+)/([0-9a-f-]{{36}})")

JSON = {"Content-Type": "application/json"}
# The headers of every error of Cinder's
FAULT_HEADERS = {**JSON, "x-openstack-request-id": REQUEST_ID, "x-compute-request-id": REQUEST_ID}


class FakeCloud(FakeKeystone):
    """Keystone and Cinder behind a mocked transport. Its lists are sorted newest first, as Diskboard requests them.

    A test changes the attributes to define what the cloud has, and registers another answer on `http` to make it fail:
    the answer that was registered last wins.
    """

    def __init__(self, http: requests_mock.Mocker) -> None:
        self.http = http
        self.user = {"id": USER, "name": "ann"}
        self.unscoped_token = UNSCOPED
        self.projects = {PROJECT: "Project one"}
        self.roles = ["member", "reader"]
        self.regions = ["RegionOne"]
        self.service_type = "block-storage"
        self.microversion = "3.71"
        self.token_lives = timedelta(hours=8)
        self.volumes: list[Answer] = []
        self.snapshots: list[Answer] = []
        self.backups: list[Answer] = []
        self.messages: list[Answer] = []
        # The instances in Nova; None if the cloud has no Nova
        self.servers: list[Answer] | None = None
        self.types = [disk_type(4001, "ceph-ssd"), disk_type(4002, "ceph-hdd")]
        self.zones = {"nova": True}
        self.filters = deepcopy(STOCK_FILTERS)
        # Differences from "1000 of each, and the number in the lists is used"
        self.limits: Answer = {}
        # Differences by disk type from no limit, and the number in the lists used: {"gigabytes_ceph-ssd": 100}
        self.type_limits: dict[str, int] = {}
        self.largest_limit = 1000
        self._forgotten = 0
        self._numbers = itertools.count(1)
        self._keystone()
        self._cinder()

    def forget(self) -> None:
        """Count requests from now on."""
        self._forgotten = len(self.http.request_history)

    def requests(self, host: str = CINDER) -> list[Any]:
        heard = self.http.request_history[self._forgotten :]
        return [one for one in heard if urlsplit(one.url).netloc == urlsplit(host).netloc]

    def asked(self, host: str = CINDER) -> list[str]:
        """The methods and paths of the requests, in order."""
        return [f"{one.method} {urlsplit(one.url).path.replace(f'/v3/{PROJECT}', '')}" for one in self.requests(host)]

    def query(self, index: int = -1) -> dict[str, str]:
        """The query string of one of the requests to Cinder."""
        return dict(parse_qsl(urlsplit(self.requests()[index].url).query))

    def _cinder(self) -> None:
        self.http.get(f"{CINDER}/", json=self._versions)
        self.http.get(f"{CINDER}/v3/", json=self.versions)
        self.http.get(ONE, json=self._one)
        for project, name in itertools.product((PROJECT, OTHER_PROJECT), LISTED):
            self.http.get(self.at(f"/{name}/detail", project), json=self._list)
            self.http.get(self.at(f"/{name}", project), json=self._list)
        self.http.post(self.at("/volumes"), json=self._create_volume)
        self.http.post(self.at("/snapshots"), json=self._create_snapshot)
        self.http.post(self.at("/backups"), json=self._create_backup)
        self.http.put(ONE, json=self._update)
        self.http.get(re.compile(ONE.pattern + "/metadata$"), json=self._metadata)
        self.http.put(re.compile(ONE.pattern + "/metadata$"), json=self._replace_metadata)
        self.http.post(re.compile(ONE.pattern + "/action$"), text=self._act)
        self.http.delete(ONE, text=self._delete)
        self.http.get(f"{NOVA}/servers", json=lambda *_: {"servers": self.servers})
        self.http.get(self.at("/messages"), json=self._messages)
        self.http.get(self.at("/limits"), json=self._limits)
        self.http.get(self.at(f"/os-quota-sets/{PROJECT}"), json=self._quota_set)
        self.http.get(self.at("/volumes/summary"), json=self._summary)
        self.http.get(self.at("/types"), json=lambda *_: {"volume_types": self.types})
        self.http.get(self.at("/os-availability-zone"), json=self._zones)
        for project in (PROJECT, OTHER_PROJECT):
            self.http.get(self.at("/resource_filters", project), json=self._resource_filters)

    def _versions(self, _request: Any, context: Any) -> Answer:
        context.status_code = 300
        return self.versions()

    def versions(self, *_: Any) -> Answer:
        return {
            "versions": [
                {"id": "v3.0", "status": "CURRENT", "version": self.microversion, "min_version": "3.0", "links": []}
            ]
        }

    def _knows(self, version: str) -> bool:
        def number(text: str) -> int:
            return int(text.removeprefix("3."))

        return number(self.microversion) >= number(version)

    def _rows(self, name: str) -> list[Answer]:
        return {"volumes": self.volumes, "snapshots": self.snapshots, "backups": self.backups}.get(name, [])

    def _query(self, request: Any, name: str, context: Any) -> dict[str, str] | None:
        """The filters of a request for a list; None, and 400 in the context, if one of them isn't offered."""
        context.headers["x-openstack-request-id"] = REQUEST_ID
        query = dict(parse_qsl(urlsplit(request.url).query))
        filters = {key: value for key, value in query.items() if key not in NO_FILTERS}
        offered = self.filters.get(name.removesuffix("s"), [])
        if not self._knows("3.31"):
            return {key: value for key, value in filters.items() if key in offered}
        # If "name~" is offered, so is "name".
        if any(key not in offered and f"{key}~" not in offered for key in filters):
            context.status_code = 400
            return None
        return filters

    def _list(self, request: Any, context: Any) -> Answer:
        name = urlsplit(request.url).path.removesuffix("/detail").rsplit("/", 1)[1]
        filters = self._query(request, name, context)
        if filters is None:
            return fault("badRequest", 400, "Invalid filters are found in query options.")
        query = dict(parse_qsl(urlsplit(request.url).query))
        rows = [one for one in self._rows(name) if _matches(one, filters)]
        if query.get("sort", "").endswith(":asc"):
            rows.reverse()
        body: Answer = {"count": len(rows)} if query.get("with_count") else {}
        ids = [one.get("id") for one in rows]
        if "marker" in query:
            if query["marker"] not in ids:
                context.status_code = 404
                return fault("itemNotFound", 404, f"Volume {query['marker']} could not be found.")
            rows = rows[ids.index(query["marker"]) + 1 :]
        limit = min(int(query.get("limit", self.largest_limit)), self.largest_limit)
        # With a count, Cinder adds a link whenever the count reaches the limit, on the last page too.
        if rows and body.get("count", len(rows)) >= limit:
            body[f"{name}_links"] = [{"rel": "next", "href": f"http://elsewhere.test/v3/{name}/detail?marker=x"}]
        return {name: rows[:limit], **body}

    def _found(self, request: Any, context: Any) -> tuple[str, Answer | None]:
        """The kind of resource of a request, and the resource with its id; or None, and 404 in the context."""
        context.headers["x-openstack-request-id"] = REQUEST_ID
        name, wanted = urlsplit(request.url).path.split("/")[3:5]
        found = next((one for one in self._rows(name) if one["id"] == wanted), None)
        if found is None:
            context.status_code = 404
        return name.removesuffix("s"), found

    def _one(self, request: Any, context: Any) -> Answer:
        name, found = self._found(request, context)
        return fault("itemNotFound", 404, f"{name} could not be found.") if found is None else {name: found}

    def _update(self, request: Any, context: Any) -> Answer:
        name, found = self._found(request, context)
        if found is None:
            return fault("itemNotFound", 404, f"{name} could not be found.")
        found.update(request.json()[name])
        return {name: found}

    def _metadata(self, request: Any, context: Any) -> Answer:
        name, found = self._found(request, context)
        if found is None:
            return fault("itemNotFound", 404, f"{name} could not be found.")
        return {"metadata": found["metadata"]}

    def _replace_metadata(self, request: Any, context: Any) -> Answer:
        name, found = self._found(request, context)
        if found is None:
            return fault("itemNotFound", 404, f"{name} could not be found.")
        found["metadata"] = request.json()["metadata"]
        return {"metadata": found["metadata"]}

    def _create_volume(self, request: Any, context: Any) -> Answer:
        _answer(context, 202)
        sent = {key: value for key, value in request.json()["volume"].items() if key != "backup_id"}
        made = volume(8000 + next(self._numbers), **{"name": None, **sent}, status="creating")
        self.volumes.insert(0, made)
        return {"volume": made}

    def _create_snapshot(self, request: Any, context: Any) -> Answer:
        _answer(context, 202)
        sent = {key: value for key, value in request.json()["snapshot"].items() if key != "force"}
        made = snapshot(9000 + next(self._numbers), **{"name": None, **sent}, status="creating")
        self.snapshots.insert(0, made)
        return {"snapshot": made}

    def _create_backup(self, request: Any, context: Any) -> Answer:
        _answer(context, 202)
        sent = {key: value for key, value in request.json()["backup"].items() if key not in ("force", "incremental")}
        increment = bool(request.json()["backup"].get("incremental"))
        made = backup(7000 + next(self._numbers), **{"name": None, **sent}, status="creating", is_incremental=increment)
        self.backups.insert(0, made)
        return {"backup": {"id": made["id"], "name": made["name"], "links": []}}

    def _act(self, request: Any, context: Any) -> str:
        name, found = self._found(request, context)
        ((action, wanted),) = request.json().items()
        actions = {
            "os-extend": self._extend,
            "os-retype": self._retype,
            "os-set_bootable": self._set_bootable,
            **({"revert": self._revert} if self._knows("3.40") else {}),
        }
        if found is None:
            return json.dumps(fault("itemNotFound", 404, f"{name} could not be found."))
        answer = actions[action](found, wanted) if action in actions else (400, "There is no such action.")
        return _answer(context, *answer)

    def _revert(self, disk: Answer, wanted: Answer) -> tuple[int, str]:
        snapshot_id = wanted["snapshot_id"]
        newest = next((one for one in self.snapshots if one["volume_id"] == disk["id"]), None)
        if newest is None or newest["id"] != snapshot_id:
            return 400, f"Specified snapshot {snapshot_id} is None or not the latest one of volume {disk['id']}."
        if newest["size"] != disk["size"]:
            return 400, f"Can't revert volume {disk['id']} to its latest snapshot. The size must be equal."
        if disk["status"] != "available":
            return 409, f"Invalid volume: Can't revert volume {disk['id']}. Volume's status must be 'available'."
        disk["status"] = "reverting"
        if newest["status"] != "available":
            return 409, "Invalid snapshot: Can't revert to it. Snapshot's status must be 'available'."
        newest["status"] = "restoring"
        return 202, ""

    def _extend(self, disk: Answer, wanted: Answer) -> tuple[int, str]:
        size = wanted["new_size"]
        if size <= disk["size"]:
            return 400, "Invalid input received: New size for extend must be greater than current size."
        at_rest = ("available", "in-use") if self._knows("3.42") else ("available",)
        if disk["status"] not in at_rest:
            return 400, f"Invalid volume: Volume status must be 'available' to extend, currently {disk['status']}."
        if self.limits.get("maxTotalVolumeGigabytes", size) < size:
            return 413, "Requested volume or snapshot exceeds allowed gigabytes quota."
        disk |= {"status": "extending", "updated_at": ago()}
        return 202, ""

    def _retype(self, disk: Answer, wanted: Answer) -> tuple[int, str]:
        if wanted["new_type"] not in [one["name"] for one in self.types]:
            return 404, f"Volume type {wanted['new_type']} could not be found."
        if disk["status"] not in ("available", "in-use") or wanted["new_type"] == disk["volume_type"]:
            return 400, "Invalid volume: Retype needs volume to be in available or in-use state."
        disk |= {"status": "retyping", "updated_at": ago()}
        return 202, ""

    def _set_bootable(self, disk: Answer, wanted: Answer) -> tuple[int, str]:
        if disk["status"] == "maintenance":
            return 400, "Invalid volume: The volume cannot be updated during maintenance."
        disk["bootable"] = str(wanted["bootable"]).lower()
        return 200, ""

    def _delete(self, request: Any, context: Any) -> str:
        name, found = self._found(request, context)
        if found is None:
            return json.dumps(fault("itemNotFound", 404, f"{name} could not be found."))
        reason = self._refusal_to_delete(name, found, cascade="cascade=true" in request.url)
        if reason:
            return _answer(context, 400, reason)
        found |= {"status": "deleting", "updated_at": ago()}
        return _answer(context, 202)

    def _refusal_to_delete(self, name: str, found: Answer, *, cascade: bool) -> str:
        """The reason why Cinder wouldn't delete it; a `cascade` deletes the snapshots of a disk too."""
        if found.get("has_dependent_backups"):
            return "Invalid backup: Incremental backups exist for this backup."
        if name != "volume":
            return ""
        own = [one for one in self.snapshots if one["volume_id"] == found["id"]]
        held = own if not cascade else [one for one in own if one["status"] not in ("available", "error")]
        if held or found["attachments"] or found["group_id"] or found["status"] not in DELETABLE_DISKS:
            return "Invalid volume: Volume status must be available and must not be attached or have snapshots."
        for one in own:
            one |= {"status": "deleting", "updated_at": ago()}
        return ""

    def _messages(self, request: Any, context: Any) -> Answer:
        if not self._knows("3.3"):
            context.status_code = 404
            return fault("itemNotFound", 404, "The resource could not be found.")
        if not self._knows("3.5"):
            return {"messages": self.messages}
        filters = self._query(request, "messages", context)
        if filters is None:
            return fault("badRequest", 400, "Invalid filters are found in query options.")
        return {"messages": [one for one in self.messages if _matches(one, filters)]}

    def _limits(self, _request: Any, _context: Any) -> Answer:
        absolute = {
            "maxTotalVolumes": 1000,
            "maxTotalSnapshots": 1000,
            "maxTotalVolumeGigabytes": 1000,
            "maxTotalBackups": 1000,
            "maxTotalBackupGigabytes": 1000,
            "totalVolumesUsed": len(self.volumes),
            "totalSnapshotsUsed": len(self.snapshots),
            "totalGigabytesUsed": sum(one["size"] for one in (*self.volumes, *self.snapshots)),
            "totalBackupsUsed": len(self.backups),
            "totalBackupGigabytesUsed": sum(one["size"] for one in self.backups),
            **self.limits,
        }
        return {"limits": {"rate": [], "absolute": absolute}}

    def _quota_set(self, _request: Any, _context: Any) -> Answer:
        told: Answer = {
            "id": PROJECT,
            "volumes": _quota(1000, len(self.volumes)),
            "per_volume_gigabytes": _quota(-1, 0),
        }
        for name in (one["name"] for one in self.types):
            disks = [one for one in self.volumes if one["volume_type"] == name]
            ids = [one["id"] for one in disks]
            snapshots = [one for one in self.snapshots if one["volume_id"] in ids]
            used = {
                f"volumes_{name}": len(disks),
                f"snapshots_{name}": len(snapshots),
                f"gigabytes_{name}": sum(one["size"] for one in (*disks, *snapshots)),
            }
            told |= {key: _quota(self.type_limits.get(key, -1), count) for key, count in used.items()}
        return {"quota_set": told}

    def _summary(self, _request: Any, _context: Any) -> Answer:
        sizes = [one["size"] for one in self.volumes]
        return {"volume-summary": {"total_size": sum(sizes), "total_count": len(sizes), "metadata": {}}}

    def _zones(self, _request: Any, _context: Any) -> Answer:
        rows = [{"zoneName": name, "zoneState": {"available": up}} for name, up in self.zones.items()]
        return {"availabilityZoneInfo": rows}

    def _resource_filters(self, request: Any, context: Any) -> Answer:
        if not self._knows("3.33"):
            context.status_code = 404
            return fault("itemNotFound", 404, "The resource could not be found.")
        wanted = dict(parse_qsl(urlsplit(request.url).query)).get("resource")
        rows = [{"resource": name, "filters": filters} for name, filters in self.filters.items()]
        return {"resource_filters": [one for one in rows if wanted in (None, one["resource"])]}


def _quota(limit: int, used: int) -> Answer:
    return {"limit": limit, "in_use": used, "reserved": 0}


def _answer(context: Any, code: int, reason: str = "") -> str:
    """The body of an answer without content, or of a refusal with its reason."""
    names = {400: "badRequest", 404: "itemNotFound", 409: "conflictingRequest", 413: "overLimit"}
    context.status_code = code
    context.headers["x-openstack-request-id"] = REQUEST_ID
    return json.dumps(fault(names[code], code, reason)) if reason else ""


def _matches(row: Answer, filters: dict[str, str]) -> bool:
    """Whether Cinder lists the row: "name~" matches a part of it, metadata some entries, other filters all of it."""
    for key, value in filters.items():
        held = row.get(key.removesuffix("~"))
        if key == "metadata":
            found = ast.literal_eval(value).items() <= (held or {}).items()
        elif key.endswith("~"):
            found = value.casefold() in str(held or "").casefold()
        else:
            found = value == str(held)
        if not found:
            return False
    return True
