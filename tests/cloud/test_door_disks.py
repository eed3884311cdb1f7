"""Exploration."""

import pytest
import time
from dashboard.devcloud.administrator import Administrator
from dashboard.errors import CloudError
from dashboard.keystone import Cloud
from tests.cloud.test_door import _connected, here, read, settled, sign_in, write  # noqa: F401
from tests.devcloud_fixtures import Project
from volumes.cinder import disks, messages, quota, snapshots, values
from volumes.cinder.client import get
from volumes.cinder.disks import NewDisk


def attempt(what, f):
    try:
        print(what, "->", f())
    except CloudError as e:
        print(what, "-> !!", type(e).__name__, e.reason)


def test_explore(here: Cloud, project: Project, administrator: Administrator) -> None:
    types = administrator.volumes.volume_types
    made = types.create("slow " + project.project_name, is_public=False)
    made.set_keys({"x:y": "z"})
    administrator.volumes.volume_type_access.add_project_access(made, project.project_id)
    elsewhere = types.create("else " + project.project_name, is_public=False)
    elsewhere.set_keys({"volume_backend_name": "moon"})
    administrator.volumes.volume_type_access.add_project_access(elsewhere, project.project_id)
    disk = project.create_disk()
    write(project, disk.id, b"first")
    project.volume_client().volumes.update_readonly_flag(disk.id, True)
    print(disks.find(here, disk.id).properties, get(here, f"/volumes/{disk.id}/metadata"))
    disks.replace_properties(here, disk.id, {"readonly": "mine"})
    print(disks.find(here, disk.id).properties, get(here, f"/volumes/{disk.id}/metadata"))
    for kind in (elsewhere, made):
        for migrate in (False, True):
            attempt(f"type {kind.name} {migrate}", lambda: disks.change_type(here, disk.id, kind.name, migrate=migrate))
            for i in range(20):
                now = disks.find(here, disk.id)
                print(now.status_code, now.type_name, now.migration_status, [m.text for m in messages.of(here, disk.id)])
                if now.status_code == "available" and i > 1: break
                time.sleep(1)
            print([(d.id, d.status_code, d.name, d.type_name) for d in disks.page(here, __import__("volumes.cinder.listing").cinder.listing.Query()).rows])
    print(list(quota.of_types(here)))
    print(read(project, disk.id))
    assert 0
