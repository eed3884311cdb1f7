"""A Keystone that exists only as HTTP answers, in the shapes of its API reference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests_mock

    from tests.support.cloud_rows import Answer

KEYSTONE = "http://keystone.test/v3"
CINDER = "http://cinder.test"
NOVA = "http://nova.test/v2.1"
PROJECT = "11111111111111111111111111111111"
OTHER_PROJECT = "22222222222222222222222222222222"
PASSWORD = "open sesame"
UNSCOPED = "unscoped-token-0001"
CREDENTIAL = "c" * 32
CREDENTIAL_SECRET = "a secret of an application"
CREDENTIAL_TOKEN = "application-credential-token-0001"


class FakeKeystone:
    """The part of `FakeCloud` that signs in and issues tokens; its attributes are set there."""

    http: requests_mock.Mocker
    projects: dict[str, str]
    roles: list[str]
    regions: list[str]
    service_type: str
    token_lives: timedelta
    servers: list[Answer] | None
    user: dict[str, str]
    unscoped_token: str

    def at(self, path: str, project: str = PROJECT) -> str:
        """The address of a path of Cinder's."""
        return f"{CINDER}/v3/{project}{path}"

    def _keystone(self) -> None:
        self.http.get(KEYSTONE, json={"version": {"id": "v3.14", "status": "stable"}})
        self.http.post(f"{KEYSTONE}/auth/tokens", json=self._token)
        self.http.get(f"{KEYSTONE}/auth/projects", json=self._projects)
        self.http.head(f"{KEYSTONE}/auth/tokens")
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
            "user": {**self.user, "domain": {"id": "default", "name": "Default"}},
            "audit_ids": ["x"],
            "issued_at": now.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
            "expires_at": (now + self.token_lives).strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
        }
        if sent["identity"]["methods"] == ["application_credential"]:
            return self._token_of_credential(sent["identity"]["application_credential"], token, context)
        if not isinstance(sent.get("scope"), dict):
            context.headers["X-Subject-Token"] = self.unscoped_token
            return {"token": token}
        project = self._project(sent["scope"]["project"])
        if project is None:
            context.status_code = 401
            return {"error": {"code": 401, "message": "The request you have made requires authentication."}}
        context.headers["X-Subject-Token"] = self.scoped_token(project)
        return {"token": token | self._scope(project)}

    def _project(self, wanted: Answer) -> str | None:
        """The id of a project that is named by its id or name; None if there is none."""
        named = [key for key, name in self.projects.items() if wanted in ({"id": key}, {**wanted, "name": name})]
        return named[0] if named else None

    def _token_of_credential(self, sent: Answer, token: Answer, context: Any) -> Answer:
        if sent["id"] != CREDENTIAL:
            context.status_code = 404
            return {"error": {"code": 404, "message": f"Could not find Application Credential: {sent['id']}."}}
        if sent["secret"] != CREDENTIAL_SECRET:
            context.status_code = 401
            return {"error": {"code": 401, "message": "The request you have made requires authentication."}}
        context.headers["X-Subject-Token"] = CREDENTIAL_TOKEN
        return {"token": token | self._scope(PROJECT) | {"methods": ["application_credential"]}}

    def _scope(self, project: str) -> Answer:
        """The contents of a project's token, except its user."""
        catalog = [{"id": "c", "name": "cinder", "type": self.service_type, "endpoints": self._places(project)}]
        if self.servers is not None:
            places = [{**place, "url": NOVA} for place in self._places(project)]
            catalog.append({"id": "n", "name": "nova", "type": "compute", "endpoints": places})
        return {
            "project": {"id": project, "name": self.projects[project], "domain": {"id": "default", "name": "Default"}},
            "roles": [{"id": f"{name}-id", "name": name} for name in self.roles],
            "catalog": catalog,
        }

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
