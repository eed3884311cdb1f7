"""The dialogs in words of the ``openstack`` command: lines that can be pasted into a POSIX shell.

A line holds what was typed so far, right or wrong: where Cinder refuses it of the dialog, it refuses it of the command.
What is said of the client here was read and tried in python-openstackclient 10.5 with openstacksdk 4.22.

The global option with the microversion stands behind the words of the command, where the client takes it as well, so
that each line begins with what it does.
"""

import re
import shlex
from collections.abc import Iterable, Mapping

# The client sends "force" only below microversion 3.66 (volume/v3/volume_snapshot.py, CreateVolumeSnapshot). Left to
# itself it finds a newer Cinder, leaves the word out, and then asks at 3.65, the newest that its library knows for
# snapshots (openstack/block_storage/v3/snapshot.py): a snapshot of an attached disk is refused. Every Cinder has 3.1.
BELOW_FORCELESS = "3.1"
# Older clients ask at 3.0 unless told otherwise. Cinder's own versions for it: cinder/api/microversions.py,
# VOLUME_REVERT, VOLUME_EXTEND_INUSE and VOLUME_CREATE_FROM_BACKUP.
ROLL_BACK = "3.40"
RESIZE_ATTACHED = "3.42"
RESTORE = "3.47"

# What the client loses on the way: it takes an empty text for none given where it changes something (volume/v3/
# volume_snapshot.py, SetVolumeSnapshot; volume/v3/volume.py, SetVolume), and argparse before Python 3.13 drops two
# dashes as an option's value.
LOST_TEXTS = frozenset({"", "--"})


# What a terminal may act upon while it is pasted, quoted or not. Line breaks stay: within quotes they do no harm.
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def create_snapshot(disk_id: str, *, name: str, description: str, properties: Mapping[str, str]) -> str:
    """Return the command that makes a snapshot of a disk, also of an attached one."""
    return _line(
        "volume snapshot create",
        *_microversion(BELOW_FORCELESS),
        *_given("--volume", disk_id),
        "--force",
        *_given("--description", description and _kept(description)),
        *_properties(properties),
        *_operand(name),
    )


def edit_snapshot(snapshot_id: str, *, name: str, description: str, properties: Mapping[str, str] | None) -> str:
    """Return the command that gives a snapshot this name, this description, and these properties and no others.

    None leaves the properties alone. An empty name or description is written as a space, which Cinder trims.

    Unlike the dialog, which replaces the properties at one stroke, the client deletes them one by one before it adds
    the new ones. It fails to delete the keys ``.`` and ``..``, and those that end in ``.json``, which are something
    else in a URL; and to set the keys ``self`` and ``snapshot``, which it takes for arguments of its own
    (openstack/block_storage/v3/_proxy.py, set_snapshot_metadata). It says so, and goes on with the rest.
    """
    return _line(
        "volume snapshot set",
        *_option("--name", _kept(name)),
        *_option("--description", _kept(description)),
        *(() if properties is None else ("--no-property",)),
        *_properties(properties or {}),
        snapshot_id,
    )


def show_snapshot(snapshot_id: str) -> str:
    """Return the command that tells all about a snapshot."""
    return _line("volume snapshot show", snapshot_id)


def delete_snapshots(ids: Iterable[str]) -> str:
    """Return the command that deletes snapshots; unlike the dialog, it calls one that is gone already a failure."""
    return _line("volume snapshot delete", *ids)


def delete_backups(ids: Iterable[str]) -> str:
    """Return the command that deletes backups; unlike the dialog, it calls one that is gone already a failure."""
    return _line("volume backup delete", *ids)


def show_disk(disk_id: str) -> str:
    """Return the command that tells all about a disk."""
    return _line("volume show", disk_id)


def delete_disks(ids: Iterable[str], *, cascade: bool = False) -> str:
    """Return the command that deletes disks without snapshots, or with `cascade` disks and their snapshots.

    Unlike the dialog, it calls one that is gone already a failure.
    """
    return _line("volume delete", *(("--cascade",) if cascade else ()), *ids)


def resize_disk(disk_id: str, *, size: int | str, attached: bool = False) -> str:
    """Return the command that lets a disk grow to `size` GiB; one that is attached needs `attached`."""
    version = _microversion(RESIZE_ATTACHED) if attached else ()
    return _line("volume set", *version, *_option("--size", str(size)), disk_id)


def change_type(disk_id: str, *, type_name: str, migrate: bool) -> str:
    """Return the command that gives a disk another type; `migrate` allows that its bytes move for that.

    Left to itself the client does not allow it. Older clients call the option ``--retype-policy``.
    """
    policy = ("--migration-policy", "on-demand") if migrate else ()
    return _line("volume set", *_option("--type", type_name), *policy, disk_id)


def rename_disk(disk_id: str, *, name: str, description: str) -> str:
    """Return the command that gives a disk this name and description, written as a space where empty."""
    return _line("volume set", *_option("--name", _kept(name)), *_option("--description", _kept(description)), disk_id)


def set_bootable(disk_id: str, bootable: bool) -> str:
    """Return the command that marks a disk as one that an instance can start from, or not."""
    return _line("volume set", "--bootable" if bootable else "--non-bootable", disk_id)


def set_disk_properties(disk_id: str, *, properties: Mapping[str, str]) -> str:
    """Return the command that gives a disk these properties and no others.

    Unlike the dialog, which replaces them at one stroke, the client removes all first and then adds the new ones. It
    fails to set the keys ``self`` and ``volume``, which it takes for arguments of its own
    (openstack/block_storage/v3/_proxy.py, set_volume_metadata).
    """
    return _line("volume set", "--no-property", *_properties(properties), disk_id)


def roll_back(snapshot_id: str) -> str:
    """Return the command that lets a disk have the bytes of its newest snapshot again."""
    return _line("volume revert", *_microversion(ROLL_BACK), snapshot_id)


def create_disk(
    *,
    size: int | str,
    name: str,
    description: str,
    type_name: str,
    zone: str,
    snapshot_id: str = "",
    source_disk_id: str = "",
    backup_id: str = "",
) -> str:
    """Return the command that makes a disk of `size` GiB; what is empty is left to the cloud.

    At most one of `snapshot_id`, `source_disk_id` and `backup_id` says what it is to be made from. Without a size it
    gets that of its source. Below that the client quietly takes the source's, where the dialog refuses it
    (volume/v3/volume.py, CreateVolume).
    """
    return _line(
        "volume create",
        *(_microversion(RESTORE) if backup_id else ()),
        *_given("--size", str(size)),
        *_given("--snapshot", snapshot_id),
        *_given("--source", source_disk_id),
        *_given("--backup", backup_id),
        *_given("--type", type_name),
        *_given("--availability-zone", zone),
        *_given("--description", description and _kept(description)),
        *_operand(name),
    )


def create_backup(disk_id: str, *, snapshot_id: str = "", name: str, description: str, incremental: bool) -> str:
    """Return the command that makes a backup of a disk, or of its snapshot where `snapshot_id` isn't empty.

    It is always forced: an attached disk needs it, and for all else it changes nothing (cinder/backup/api.py,
    API.create).
    """
    return _line(
        "volume backup create",
        "--force",
        *(("--incremental",) if incremental else ()),
        *_given("--snapshot", snapshot_id),
        *_given("--name", name and _kept(name)),
        *_given("--description", description and _kept(description)),
        disk_id,
    )


def _line(command: str, *words: str) -> str:
    return " ".join(["openstack", command, *map(_quoted, words)])


def _quoted(word: str) -> str:
    """Return a word as a shell has to read it: control characters by their numbers, which `printf` makes of them."""
    if not CONTROLS.search(word):
        return shlex.quote(word)
    # What a command prints loses the line breaks at its end.
    body = word.rstrip("\n")
    told = CONTROLS.sub(_number, body.replace("\\", r"\\"))
    breaks = word[len(body) :]
    return f'"$(printf %b {shlex.quote(told)})"' + (shlex.quote(breaks) if breaks else "")


def _number(control: re.Match[str]) -> str:
    # No argument holds a zero.
    return "".join(rf"\0{byte:03o}" for byte in control[0].encode() if byte)


def _microversion(version: str) -> tuple[str, ...]:
    return _option("--os-volume-api-version", version)


def _properties(properties: Mapping[str, str]) -> Iterable[str]:
    for key, value in properties.items():
        yield from _option("--property", f"{key}={value}")


def _kept(text: str) -> str:
    """Return a name or description so that it arrives: with a space behind it where the client would lose it.

    Cinder trims both (cinder/api/openstack/wsgi.py, clean_name_and_description).
    """
    return f"{text} " if text in LOST_TEXTS else text


def _given(name: str, value: str) -> tuple[str, ...]:
    return _option(name, value) if value else ()


def _option(name: str, value: str) -> tuple[str, ...]:
    # A value that begins with a dash would be another option.
    return (f"{name}={value}",) if value.startswith("-") else (name, value)


def _operand(word: str) -> tuple[str, ...]:
    return ("--", word) if word.startswith("-") else (word,)
