"""Fixtures for Diskboard's pages in front of the real cloud, with a proxy between them that misbehaves on demand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import Client

from dashboard.cloud import bulkhead, catalog, keystone, projects
from dashboard.cloud.transport import shared_session
from dashboard.devcloud.parameters import REGION
from tests.support.devcloud import Project, make_project
from tests.support.fault_proxy import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

    from dashboard.devcloud.administrator import Administrator
    from dashboard.devcloud.launcher import DevCloud

MANY = 10_000


@dataclass(frozen=True)
class Stage:
    """A project with a disk and its snapshot, and the proxy through which Diskboard reaches it."""

    proxy: FaultProxy
    project: Project
    disk_id: str
    snapshot_id: str
    in_session: dict[str, Any] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """The address of a page; ``{disk}`` and ``{snapshot}`` in `path` are replaced by the ids of the stage."""
        return f"/p/{self.project.project_id}/{path.format(disk=self.disk_id, snapshot=self.snapshot_id)}"


@pytest.fixture(scope="module")
def stage_of_all(devcloud: DevCloud, administrator: Administrator) -> Iterator[Stage]:
    """The stage that all tests of a module share: each test resets the proxy, and creates what it changes."""
    project = make_project(devcloud, administrator)
    administrator.volumes.quotas.update(project.project_id, volumes=MANY, snapshots=MANY, backups=MANY, gigabytes=MANY)
    disk = project.create_disk("data")
    snapshot = project.create_snapshot(disk.id, "before")
    cinder_url = str(project.session.get_endpoint(service_type="volumev3"))
    before = threading.active_count()
    with FaultProxy(project.auth_url, cinder_url) as proxy:
        yield Stage(proxy, project, disk.id, snapshot.id)
    assert threading.active_count() <= before, "the proxy has left threads"


@pytest.fixture
def stage(stage_of_all: Stage, settings: Settings) -> Iterator[Stage]:
    """The stage with the proxy reset, and Diskboard in front of it without any earlier state."""
    settings.OS_AUTH_URL = stage_of_all.proxy.auth_url
    settings.OS_REGION_NAME = ""
    settings.OS_INTERFACE = "public"
    settings.LANGUAGE_CODE = "en"
    settings.TIME_ZONE = "UTC"
    # Without these, a test would need collectstatic, and WhiteNoise would warn that its folder is missing.
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    shared_session.cache_clear()
    bulkhead.forget()
    yield stage_of_all
    stage_of_all.proxy.mend()
    shared_session().close()
    shared_session.cache_clear()


def as_member(project: Project) -> keystone.Cloud:
    """The cloud as a request of the project's member uses it."""
    url = project.session.get_endpoint(service_type="volumev3", region_name=REGION)
    here = projects.Project(project.project_id, project.project_name)
    return keystone.Cloud(
        user_id=str(project.session.get_user_id()),
        user_name=project.username,
        project=here,
        projects=(here,),
        regions=(REGION,),
        endpoint=catalog.Endpoint(REGION, str(url)),
        roles=("member", "reader"),
        token=str(project.session.get_token()),
    )


@pytest.fixture
def here(project: Project, settings: Settings) -> Iterator[keystone.Cloud]:
    """The test's project as a request of its member uses it."""
    settings.OS_AUTH_URL = project.auth_url
    settings.OS_REGION_NAME = ""
    settings.OS_INTERFACE = "public"
    cache.clear()
    shared_session.cache_clear()
    yield as_member(project)
    shared_session().close()
    shared_session.cache_clear()


@pytest.fixture
def member(stage: Stage, db: None) -> Client:  # noqa: ARG001  # sessions are stored in the database
    """The project's member, signed in through the proxy; what Diskboard requests once an hour is cached already."""
    client = Client()
    if not stage.in_session:
        sent = {"user_name": stage.project.username, "password": stage.project.password, "domain": "Default"}
        assert client.post("/sign-in/", sent).status_code == 302
        assert client.get("/")["Location"] == stage.url("disks/")
        stage.in_session.update(dict(client.session))
    session = client.session
    session.update(stage.in_session)
    session.save()
    client.cookies["diskboard_session"] = str(session.session_key)
    if cache.add(f"{stage.project.project_id}-was-looked-at", True):
        assert client.get(stage.url("disks/")).status_code == 200
    stage.proxy.mend()
    return client
