"""The administrator's work that makes an empty cloud usable: projects, users, roles and disk types."""

from collections.abc import Mapping
from typing import Any

from cinderclient import client as cinder
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from dashboard.devcloud.parameters import REGION

DOMAIN = "default"
MICROVERSION = "3.71"
DISK_TYPES = {
    "ceph-ssd": "Solid state, replicated",
    "ceph-hdd": "Spinning, replicated",
    "high-iops": "Solid state, for databases",
    "ef-nvme": "Low latency NVMe, local to the hypervisor",
}
IDENTITY = {"service_type": "identity"}


def sign_in(auth_url: str, username: str, password: str, project_name: str) -> Session:
    """Return a session for one project of the default domain; it authenticates with its first request."""
    return Session(
        v3.Password(
            auth_url,
            username=username,
            password=password,
            project_name=project_name,
            user_domain_id=DOMAIN,
            project_domain_id=DOMAIN,
        )
    )


def volume_client(session: Session, microversion: str = MICROVERSION) -> Any:
    """Return a Cinder client that uses the session."""
    return cinder.Client(microversion, session=session, region_name=REGION)


class Administrator:
    """A client of Keystone and Cinder with administrator rights."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Authenticate with the ``OS_*`` values of an administrator; reads the roles from Keystone."""
        self.auth_url = environment["OS_AUTH_URL"]
        self.session = sign_in(
            self.auth_url,
            environment["OS_USERNAME"],
            environment["OS_PASSWORD"],
            environment["OS_PROJECT_NAME"],
        )
        self.volumes = volume_client(self.session)
        roles = self._get("/roles")["roles"]
        self._roles = {role["name"]: role["id"] for role in roles}

    def find_project(self, name: str) -> str | None:
        """Return the ID of the project with that name; None if it doesn't exist."""
        projects = self._get(f"/projects?name={name}")["projects"]
        return str(projects[0]["id"]) if projects else None

    def create_project(self, name: str) -> str:
        """Create a project and return its ID; keystoneauth raises Conflict if the name is taken."""
        return self._create("project", {"name": name})

    def rename_project(self, project_id: str, name: str) -> None:
        """Rename a project."""
        body = {"project": {"name": name}}
        self.session.patch(f"/projects/{project_id}", json=body, endpoint_filter=IDENTITY)

    def delete_project(self, project_id: str) -> None:
        """Delete a project from Keystone. Cinder keeps its disks, which no user can see any more."""
        self.session.delete(f"/projects/{project_id}", endpoint_filter=IDENTITY)

    def ensure_user(self, name: str, password: str) -> str:
        """Return the ID of the user with that name; create the user if necessary."""
        users = self._get(f"/users?name={name}")["users"]
        return str(users[0]["id"]) if users else self.create_user(name, password)

    def create_user(self, name: str, password: str) -> str:
        """Create a user and return the ID; keystoneauth raises Conflict if the name is taken."""
        return self._create("user", {"name": name, "password": password})

    def grant(self, role: str, user_id: str, project_id: str) -> None:
        """Assign a role in a project to a user."""
        path = f"/projects/{project_id}/users/{user_id}/roles/{self._roles[role]}"
        self.session.put(path, endpoint_filter=IDENTITY)

    def ensure_disk_types(self) -> None:
        """Create the sample's disk types; all are served by the only backend."""
        existing = {disk_type.name for disk_type in self.volumes.volume_types.list()}
        for name, description in DISK_TYPES.items():
            if name not in existing:
                self.volumes.volume_types.create(name, description)

    def _create(self, kind: str, values: dict[str, str]) -> str:
        body = {kind: {**values, "domain_id": DOMAIN}}
        answer = self.session.post(f"/{kind}s", json=body, endpoint_filter=IDENTITY)
        return str(answer.json()[kind]["id"])

    def _get(self, path: str) -> Any:
        return self.session.get(path, endpoint_filter=IDENTITY).json()
