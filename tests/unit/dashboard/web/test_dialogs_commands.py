"""The command in a dialog follows what is typed: it is one line, and updating it changes nothing."""

import shlex

import pytest
from django.test import Client

from dashboard.web.models import Submission
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, command, sent_by, text_of, words

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

# The typed values, and the command after "openstack": it also contains invalid values
TYPED: list[tuple[str, dict[str, str], str]] = [
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


def line_of(client: Client, url: str, typed: dict[str, str]) -> str:
    """The dialog's command line after typing these values."""
    answer = client.post(f"{url}?command", typed, headers=HTMX)
    assert answer.status_code == 200
    return words(answer)


def test_it_follows_what_is_typed(cloud: FakeCloud, signed_in: Client) -> None:
    for url, typed, line in TYPED:
        told = line_of(signed_in, url, {**typed, "key": "k"})
        assert shlex.split(told) == shlex.split(f"openstack {line}"), f"{url} with {typed}"
    assert cloud.asked() == []
    assert not Submission.objects.exists()


def test_it_is_one_line_that_cannot_break_the_page(signed_in: Client) -> None:
    nasty = {"name": "</code><script>", "description": '"><b>', "size": "<i>", "properties": "a=<u>", "key": "k"}
    for url in DIALOGS:
        text = text_of(signed_in.post(f"{url}?command", nasty, headers=HTMX))
        assert "<" not in text, url
        assert "\n" not in text.strip(), url


@pytest.mark.parametrize("url", DIALOGS)
def test_it_is_asked_for_by_the_dialog_and_leaves_its_key_good(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    """The dialog first shows the command for its proposed values, and requests another at its address while typing."""
    cloud.volumes, cloud.snapshots, cloud.backups = [volume(1)], [snapshot(1001, metadata={"a": "1"})], [backup(2001)]
    part = signed_in.get(url, headers=HTMX)
    assert f"{url}?command" in [one["hx-post"] for one in Page(part).select("[hx-post]")]
    assert line_of(signed_in, url, sent_by(part)) == command(part)
    sent = sent_by(part, name="x", size="50")
    line_of(signed_in, url, sent)
    assert signed_in.post(url, sent, headers=HTMX).status_code == 204


def test_it_leaves_out_properties_that_the_dialog_leaves_alone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, metadata={"a": "x\ny"})]
    part = signed_in.get(EDIT, headers=HTMX)
    assert "property" not in command(part)
    line = line_of(signed_in, EDIT, sent_by(part, name="other"))
    assert "property" not in line
    assert "--name other" in line


def test_it_stays_when_the_form_comes_back(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1)]
    answer = signed_in.post(CREATE, {"name": "typed", "properties": "wrong\na=1", "key": "k"}, headers=HTMX)
    assert answer.status_code == 422
    assert shlex.split(command(answer)) == shlex.split(f"openstack {SNAPSHOT_OF} --property a=1 typed")
