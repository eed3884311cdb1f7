"""The command beside a dialog follows what is typed: one line, and nothing is done for it."""

import shlex
from html import unescape

import pytest
from django.test import Client

from dashboard.models import Submission
from tests.support.canned import HTMX
from tests.support.fake_cloud import FakeCloud, an_id, backup, snapshot, volume
from tests.support.pages import HERE, command, sent_by, text_of

DISK, SNAPSHOT, BACKUP = an_id(1), an_id(1001), an_id(2001)
CREATE = f"{HERE}/disks/{DISK}/create-snapshot/"
EDIT = f"{HERE}/snapshots/{SNAPSHOT}/edit/"
ROLL_BACK = f"{HERE}/disks/{DISK}/snapshots/{SNAPSHOT}/roll-back/"
BACK_UP = f"{HERE}/disks/{DISK}/create-backup/"
BACK_UP_SNAPSHOT = f"{HERE}/disks/{DISK}/snapshots/{SNAPSHOT}/create-backup/"
CLONE = f"{HERE}/snapshots/{SNAPSHOT}/create-disk/"
RESTORE = f"{HERE}/backups/{BACKUP}/create-disk/"
OF_DISK = [f"{HERE}/disks/{DISK}/{path}/" for path in ("rename", "properties", "resize", "change-type", "clone")]
RENAME, PROPERTIES, RESIZE, CHANGE_TYPE, CLONE_DISK = OF_DISK
NEW = f"{HERE}/disks/create/"
DIALOGS = [CREATE, EDIT, ROLL_BACK, BACK_UP, BACK_UP_SNAPSHOT, CLONE, RESTORE, *OF_DISK, NEW]

SNAPSHOT_OF = f"volume snapshot create --os-volume-api-version 3.1 --volume {DISK} --force"
BACKUP_OF = "volume backup create --force"
DISK_OF = f"volume create --size 12 --snapshot {SNAPSHOT}"
SET = "volume snapshot set --name n --description d"
LONG = "x" * 300
HELD = '{"properties": {"a/b": "1"}}'

# What is typed, and the command behind "openstack": what is wrong stands there too
TYPED = [
    (CREATE, {}, f"{SNAPSHOT_OF} ''"),
    (CREATE, {"name": " a $b ", "description": "c\r\nd"}, f"{SNAPSHOT_OF} --description 'c d' 'a $b'"),
    (CREATE, {"name": "-x", "properties": "a=1\nb\nc/d="}, f"{SNAPSHOT_OF} --property a=1 --property c/d= -- -x"),
    (CREATE, {"name": LONG}, f"{SNAPSHOT_OF} {LONG}"),
    (EDIT, {}, f"volume snapshot set --name ' ' --description ' ' --no-property {SNAPSHOT}"),
    (EDIT, {"name": "n", "description": "d", "properties": "a=1"}, f"{SET} --no-property --property a=1 {SNAPSHOT}"),
    (EDIT, {"name": "n", "description": "d", "seen": "{"}, f"{SET} --no-property {SNAPSHOT}"),
    (EDIT, {"name": "n", "description": "d", "seen": HELD}, f"{SET} {SNAPSHOT}"),
    (ROLL_BACK, {}, f"volume revert --os-volume-api-version 3.40 {SNAPSHOT}"),
    (BACK_UP, {"name": "b", "incremental": "on"}, f"{BACKUP_OF} --incremental --name b {DISK}"),
    (BACK_UP_SNAPSHOT, {"description": LONG}, f"{BACKUP_OF} --snapshot {SNAPSHOT} --description {LONG} {DISK}"),
    (CLONE, {"name": "c", "size": "12"}, f"{DISK_OF} c"),
    (CLONE, {"size": "12", "disk_type": "a b", "zone": "z"}, f"{DISK_OF} --type 'a b' --availability-zone z ''"),
    (CLONE, {"size": "x y"}, f"volume create --size 'x y' --snapshot {SNAPSHOT} ''"),
    (RENAME, {"name": "n", "description": "-d"}, f"volume set --name n --description=-d {DISK}"),
    (RENAME, {"name": LONG}, f"volume set --name {LONG} --description ' ' {DISK}"),
    (PROPERTIES, {"properties": "a=1\nb\nc/d="}, f"volume set --no-property --property a=1 --property c/d= {DISK}"),
    (RESIZE, {"size": "x"}, f"volume set --size x {DISK}"),
    (RESIZE, {"size": "12", "attached": "True"}, f"volume set --os-volume-api-version 3.42 --size 12 {DISK}"),
    (CHANGE_TYPE, {"disk_type": "a b"}, f"volume set --type 'a b' {DISK}"),
    (CHANGE_TYPE, {"disk_type": "t", "migrate": "on"}, f"volume set --type t --migration-policy on-demand {DISK}"),
    (CLONE_DISK, {"name": "c", "size": "12"}, f"volume create --size 12 --source {DISK} c"),
    (NEW, {"size": "5", "source": "empty", "source_id": SNAPSHOT}, "volume create --size 5 ''"),
    (NEW, {"size": "12", "source": "snapshot", "source_id": SNAPSHOT}, f"{DISK_OF} ''"),
    (NEW, {"size": "12", "source": "disk", "source_id": "; rm -rf"}, "volume create --size 12 ''"),
    (RESTORE, {"size": "9"}, f"volume create --os-volume-api-version 3.47 --size 9 --backup {BACKUP} ''"),
]


@pytest.mark.parametrize(("url", "typed", "line"), TYPED)
def test_it_follows_what_is_typed(
    cloud: FakeCloud, signed_in: Client, url: str, typed: dict[str, str], line: str
) -> None:
    answer = signed_in.post(f"{url}?command", {**typed, "key": "k"}, headers=HTMX)
    assert answer.status_code == 200
    assert shlex.split(unescape(text_of(answer))) == shlex.split(f"openstack {line}")
    assert cloud.asked() == []
    assert not Submission.objects.exists()


@pytest.mark.parametrize("url", DIALOGS)
def test_it_is_one_line_that_cannot_break_the_page(signed_in: Client, url: str) -> None:
    nasty = {"name": "</code><script>", "description": '"><b>', "size": "<i>", "properties": "a=<u>", "key": "k"}
    text = text_of(signed_in.post(f"{url}?command", nasty, headers=HTMX))
    assert "<" not in text
    assert "\n" not in text.strip()


@pytest.mark.parametrize("url", DIALOGS)
def test_the_dialog_opens_with_the_line_of_what_it_proposes(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    """And asks for it at its own address, as one types."""
    cloud.volumes = [volume(1)]
    cloud.snapshots = [snapshot(1001, metadata={"a": "1"})]
    cloud.backups = [backup(2001)]
    part = signed_in.get(url, headers=HTMX)
    assert f'hx-post="{url}?command"' in text_of(part)
    line = signed_in.post(f"{url}?command", sent_by(part), headers=HTMX)
    assert unescape(text_of(line)).strip() == command(part)


def test_it_leaves_out_properties_that_the_dialog_leaves_alone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, metadata={"a": "x\ny"})]
    part = signed_in.get(EDIT, headers=HTMX)
    assert "property" not in command(part)
    line = text_of(signed_in.post(f"{EDIT}?command", sent_by(part, name="other"), headers=HTMX))
    assert "property" not in line
    assert "--name other" in line


def test_it_stays_when_the_form_comes_back(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    answer = signed_in.post(CREATE, {"name": "typed", "properties": "wrong\na=1", "key": "k"}, headers=HTMX)
    assert answer.status_code == 422
    assert shlex.split(command(answer)) == shlex.split(f"openstack {SNAPSHOT_OF} --property a=1 typed")


@pytest.mark.parametrize("url", DIALOGS)
def test_a_key_is_still_good_after_asking_for_the_line(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.volumes = [volume(1)]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [backup(2001)]
    sent = sent_by(signed_in.get(url, headers=HTMX), name="x", size="50")
    signed_in.post(f"{url}?command", sent, headers=HTMX)
    assert signed_in.post(url, sent, headers=HTMX).status_code == 204
