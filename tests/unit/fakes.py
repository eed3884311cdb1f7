"""A cloud that exists only as HTTP answers: what Keystone and Cinder say, in the shapes of their API references."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests_mock

KEYSTONE = "http://keystone.test/v3"
CINDER = "http://cinder.test"
PROJECT = "11111111111111111111111111111111"
OTHER_PROJECT = "22222222222222222222222222222222"
USER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
PASSWORD = "open sesame"
UNSCOPED = "unscoped-token-0001"
REQUEST_ID = "req-0f0f0f0f-1111-4222-8333-444444444444"

Answer = dict[str, Any]


def an_id(number: int = 0) -> str:
    """An id as Cinder gives them: the same one for the same number, a new one without."""
    return str(uuid.UUID(int=number, version=4)) if number else str(uuid.uuid4())


def volume(number: int = 1, **changes: Any) -> Answer:
    return {
        "id": an_id(number),
        "name": f"disk-{number}",
        "description": None,
        "status": "available",
        "size": 10,
        "volume_type": "ceph-ssd",
        "availability_zone": "nova",
        "bootable": "false",
        "attachments": [],
        "created_at": f"2026-03-01T10:00:{number % 60:02}.000000",
        "updated_at": None,
        "metadata": {},
        **changes,
    }


def snapshot(number: int = 1001, disk: int = 1, **changes: Any) -> Answer:
    return {
        "id": an_id(number),
        "name": f"snapshot-{number}",
        "description": None,
        "status": "available",
        "size": 10,
        "volume_id": an_id(disk),
        "created_at": f"2026-03-02T10:00:{number % 60:02}.000000",
        "updated_at": None,
        "metadata": {},
        "group_snapshot_id": None,
        **changes,
    }


def fault(name: str, code: int, message: str) -> Answer:
    """The body of Cinder's errors."""
    return {name: {"code": code, "message": message}}


JSON = {"Content-Type": "application/json"}
# What every failing answer of Cinder carries
FAULT_HEADERS = {**JSON, "x-openstack-request-id": REQUEST_ID, "x-compute-request-id": REQUEST_ID}


class FakeCloud:
    """Keystone and Cinder behind a mocked transport. Its lists stand newest first, as Diskboard asks for them.

    A test changes what the cloud has by its attributes, and how it fails by registering another answer on `http`:
    the last registered wins.
    """

    def __init__(self, http: requests_mock.Mocker) -> None:
        self.http = http
        self.projects = {PROJECT: "Project one"}
        self.roles = ["member", "reader"]
        self.regions = ["RegionOne"]
        self.service_type = "block-storage"
        self.microversion = "3.71"
        self.token_lives = timedelta(hours=8)
        self.volumes: list[Answer] = []
        self.snapshots: list[Answer] = []
        self.largest_limit = 1000
        self._forgotten = 0
        self._numbers = itertools.count(1)
        self._keystone()
        self._cinder()

    def at(self, path: str, project: str = PROJECT) -> str:
        """The address of a path of Cinder's."""
        return f"{CINDER}/v3/{project}{path}"

    def forget(self) -> None:
        """Count requests from here on."""
        self._forgotten = len(self.http.request_history)

    def requests(self, host: str = CINDER) -> list[Any]:
        heard = self.http.request_history[self._forgotten :]
        return [one for one in heard if urlsplit(one.url).netloc == urlsplit(host).netloc]

    def asked(self, host: str = CINDER) -> list[str]:
        """What was asked for: methods and paths, in order."""
        return [f"{one.method} {urlsplit(one.url).path.replace(f'/v3/{PROJECT}', '')}" for one in self.requests(host)]

    def query(self, index: int = -1) -> dict[str, str]:
        """The query string of one of the requests to Cinder."""
        return dict(parse_qsl(urlsplit(self.requests()[index].url).query))

    def _keystone(self) -> None:
        self.http.get(KEYSTONE, json={"version": {"id": "v3.14", "status": "stable"}})
        self.http.post(f"{KEYSTONE}/auth/tokens", json=self._token)
        self.http.get(f"{KEYSTONE}/auth/projects", json=self._projects)
        self.http.delete(f"{KEYSTONE}/auth/tokens", status_code=204)

    def _projects(self, _request: Any, _context: Any) -> Answer:
        rows = [{"id": key, "name": name, "enabled": True} for key, name in self.projects.items()]
        return {"projects": rows, "links": {}}

    def _token(self, request: Any, context: Any) -> Answer:
        sent = request.json()["auth"]
        context.status_code = 201
        now = datetime.now(UTC)
        token: Answer = {
            "methods": ["password"],
            "user": {"id": USER, "name": "ann", "domain": {"id": "default", "name": "Default"}},
            "audit_ids": ["x"],
            "issued_at": now.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
            "expires_at": (now + self.token_lives).strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
        }
        if not isinstance(sent.get("scope"), dict):
            context.headers["X-Subject-Token"] = UNSCOPED
            return {"token": token}
        project = sent["scope"]["project"]["id"]
        context.headers["X-Subject-Token"] = self.scoped_token(project)
        token["project"] = {"id": project, "name": self.projects[project], "domain": {"id": "default"}}
        token["roles"] = [{"id": f"{name}-id", "name": name} for name in self.roles]
        token["catalog"] = [
            {"id": "c", "name": "cinder", "type": self.service_type, "endpoints": self._places(project)}
        ]
        return {"token": token}

    def scoped_token(self, project: str = PROJECT) -> str:
        return f"scoped-token-{project}"

    def _places(self, project: str) -> list[Answer]:
        return [
            {
                "id": f"{region}-{interface}",
                "interface": interface,
                "region": region,
                "region_id": region,
                "url": self.at("", project)
                if region == self.regions[0]
                else f"http://{region.lower()}.test/v3/{project}",
            }
            for region in self.regions
            for interface in ("public", "internal", "admin")
        ]

    def _cinder(self) -> None:
        self.http.get(f"{CINDER}/", json=self._versions)
        self.http.get(requests_mock.ANY, json=self._one, additional_matcher=self._is_one)
        for project, name in itertools.product((PROJECT, OTHER_PROJECT), ("volumes", "snapshots")):
            self.http.get(self.at(f"/{name}/detail", project), json=self._list)
            self.http.get(self.at(f"/{name}", project), json=self._list)
        self.http.post(self.at("/snapshots"), json=self._create)
        self.http.delete(requests_mock.ANY, text=self._delete, additional_matcher=self._is_one)

    def _versions(self, _request: Any, context: Any) -> Answer:
        context.status_code = 300
        return self.versions()

    def versions(self) -> Answer:
        return {
            "versions": [
                {"id": "v3.0", "status": "CURRENT", "version": self.microversion, "min_version": "3.0", "links": []}
            ]
        }

    def _rows(self, name: str) -> list[Answer]:
        return self.volumes if name == "volumes" else self.snapshots

    def _list(self, request: Any, context: Any) -> Answer:
        context.headers["x-openstack-request-id"] = REQUEST_ID
        name = urlsplit(request.url).path.removesuffix("/detail").rsplit("/", 1)[1]
        query = dict(parse_qsl(urlsplit(request.url).query))
        rows = [one for one in self._rows(name) if one.get("volume_id") == query.get("volume_id", one.get("volume_id"))]
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
        # With a count Cinder links on whenever that reaches the limit, on the last page too.
        if rows and body.get("count", len(rows)) >= limit:
            body[f"{name}_links"] = [{"rel": "next", "href": f"http://elsewhere.test/v3/{name}/detail?marker=x"}]
        return {name: rows[:limit], **body}

    def _is_one(self, request: Any) -> bool:
        parts = urlsplit(request.url).path.split("/")
        return (
            request.url.startswith(CINDER)
            and len(parts) == 5
            and parts[3] in ("volumes", "snapshots")
            and (len(parts[4]) == 36)
        )

    def _one(self, request: Any, context: Any) -> Answer:
        name, wanted = urlsplit(request.url).path.split("/")[3:5]
        context.headers["x-openstack-request-id"] = REQUEST_ID
        found = next((one for one in self._rows(name) if one["id"] == wanted), None)
        if found is None:
            context.status_code = 404
            return fault("itemNotFound", 404, f"{name} {wanted} could not be found.")
        return {name.removesuffix("s"): found}

    def _create(self, request: Any, context: Any) -> Answer:
        context.status_code = 202
        sent = request.json()["snapshot"]
        made = snapshot(9000 + next(self._numbers), name=sent["name"], volume_id=sent["volume_id"], status="creating")
        self.snapshots.insert(0, made)
        return {"snapshot": made}

    def _delete(self, request: Any, context: Any) -> str:
        wanted = urlsplit(request.url).path.rsplit("/", 1)[1]
        found = next((one for one in self.snapshots if one["id"] == wanted), None)
        context.status_code = 202 if found else 404
        if found:
            found["status"] = "deleting"
        return ""
