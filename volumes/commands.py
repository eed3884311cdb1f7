"""The ``openstack`` commands that do the same as the dialogs, as lines to paste into a POSIX shell.

A line contains the values typed so far, valid or not: Cinder refuses an invalid value from the command too. Statements
about the client were checked with python-openstackclient 10.5 and openstacksdk 4.22.

The global option for the microversion follows the words of the command, which the client also accepts, so that each
line begins with what it does.
"""

import re
import shlex
from collections.abc import Iterable, Mapping

from dashboard.cloud.visible import WITHOUT_SHAPE

# The client sends "force" only below microversion 3.66 (volume/v3/volume_snapshot.py, CreateVolumeSnapshot). Without a
# given version it detects a newer Cinder and omits "force", but then sends the request with 3.65, the newest that its
# library knows for snapshots (openstack/block_storage/v3/snapshot.py), so a snapshot of an attached disk is refused.
# Every Cinder supports 3.1.
BELOW_FORCELESS = "3.1"
# Older clients use 3.0 by default. Cinder introduced these operations with the following versions
# (cinder/api/microversions.py, VOLUME_REVERT, VOLUME_EXTEND_INUSE and VOLUME_CREATE_FROM_BACKUP).
ROLL_BACK = "3.40"
RESIZE_ATTACHED = "3.42"
RESTORE = "3.47"

# Values that the client drops: in changes it treats an empty text as not given (volume/v3/volume_snapshot.py,
# SetVolumeSnapshot; volume/v3/volume.py, SetVolume), and argparse before Python 3.13 drops two dashes as an option's
# value.
LOST_TEXTS = frozenset({"", "--"})


# Characters that a terminal may act upon when they are pasted, even within quotes, and those that would show the line
# in another order than it has, or not at all. Line breaks are harmless.
CONTROLS = re.compile(rf"(?!\n)[{WITHOUT_SHAPE}]")


def create_snapshot(disk_id: str, *, name: str, description: str, properties: Mapping[str, str]) -> str:
    """Return the command that creates a snapshot of a disk, which may be attached."""
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
    """Return the command that sets the name, description and all properties of a snapshot.

    With None the properties are not changed. An empty name or description is written as a space, which Cinder trims.

    Unlike the dialog, which replaces the properties in one request, the client deletes them one by one before it adds
    the new ones. It can't delete the keys ``.`` and ``..`` and those that end in ``.json``, which have another meaning
    in a URL, nor set the keys ``self`` and ``snapshot``, which collide with arguments of its own functions
    (openstack/block_storage/v3/_proxy.py, set_snapshot_metadata). It reports such a failure and continues.
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
    """Return the command that shows a snapshot."""
    return _line("volume snapshot show", snapshot_id)


def delete_snapshots(ids: Iterable[str]) -> str:
    """Return the command that deletes snapshots; unlike the dialog, it fails for snapshots that no longer exist."""
    return _line("volume snapshot delete", *ids)


def delete_backups(ids: Iterable[str]) -> str:
    """Return the command that deletes backups; unlike the dialog, it fails for backups that no longer exist."""
    return _line("volume backup delete", *ids)


def show_disk(disk_id: str) -> str:
    """Return the command that shows a disk."""
    return _line("volume show", disk_id)


def delete_disks(ids: Iterable[str], *, cascade: bool = False) -> str:
    """Return the command that deletes disks, with `cascade` together with their snapshots.

    Unlike the dialog, it fails for disks that no longer exist.
    """
    return _line("volume delete", *(("--cascade",) if cascade else ()), *ids)


def resize_disk(disk_id: str, *, size: int | str, attached: bool = False) -> str:
    """Return the command that resizes a disk to `size` GiB; `attached` must be true for an attached disk."""
    version = _microversion(RESIZE_ATTACHED) if attached else ()
    return _line("volume set", *version, *_option("--size", str(size)), disk_id)


def change_type(disk_id: str, *, type_name: str, migrate: bool) -> str:
    """Return the command that changes a disk's type; `migrate` allows moving its data to other storage.

    The client's default forbids that. Older clients call the option ``--retype-policy``.
    """
    policy = ("--migration-policy", "on-demand") if migrate else ()
    return _line("volume set", *_option("--type", type_name), *policy, disk_id)


def rename_disk(disk_id: str, *, name: str, description: str) -> str:
    """Return the command that sets a disk's name and description; empty ones are written as a space."""
    return _line("volume set", *_option("--name", _kept(name)), *_option("--description", _kept(description)), disk_id)


def set_bootable(disk_id: str, bootable: bool) -> str:
    """Return the command that sets whether an instance can start from a disk."""
    return _line("volume set", "--bootable" if bootable else "--non-bootable", disk_id)


def set_disk_properties(disk_id: str, *, properties: Mapping[str, str]) -> str:
    """Return the command that replaces all properties of a disk.

    Unlike the dialog, which replaces them in one request, the client first removes all and then adds the new ones. It
    can't set the keys ``self`` and ``volume``, which collide with arguments of its own functions
    (openstack/block_storage/v3/_proxy.py, set_volume_metadata).
    """
    return _line("volume set", "--no-property", *_properties(properties), disk_id)


def roll_back(snapshot_id: str) -> str:
    """Return the command that rolls a disk back to its newest snapshot."""
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
    """Return the command that creates a disk of `size` GiB; for empty values the cloud uses its defaults.

    At most one of `snapshot_id`, `source_disk_id` and `backup_id` is given: the source. Without a size the disk gets
    the size of its source. The client silently raises a smaller size to that, where the dialog reports an error
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
    """Return the command that creates a backup of a disk, or of its snapshot if `snapshot_id` isn't empty.

    It always has ``--force``, which an attached disk needs and which changes nothing otherwise (cinder/backup/api.py,
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
    """Return a word quoted for a shell; control characters are written as octal escapes for `printf`."""
    if not CONTROLS.search(word):
        return shlex.quote(word)
    # A command substitution removes trailing line breaks.
    body = word.rstrip("\n")
    escaped = CONTROLS.sub(_octal_escape, body.replace("\\", r"\\"))
    breaks = word[len(body) :]
    return f'"$(printf %b {shlex.quote(escaped)})"' + (shlex.quote(breaks) if breaks else "")


def _octal_escape(control: re.Match[str]) -> str:
    # An argument can't contain a null byte.
    return "".join(rf"\0{byte:03o}" for byte in control[0].encode() if byte)


def _microversion(version: str) -> tuple[str, ...]:
    return _option("--os-volume-api-version", version)


def _properties(properties: Mapping[str, str]) -> Iterable[str]:
    for key, value in properties.items():
        yield from _option("--property", f"{key}={value}")


def _kept(text: str) -> str:
    """Return a name or description with a space appended if the client would drop it otherwise.

    Cinder trims both (cinder/api/openstack/wsgi.py, clean_name_and_description).
    """
    return f"{text} " if text in LOST_TEXTS else text


def _given(name: str, value: str) -> tuple[str, ...]:
    return _option(name, value) if value else ()


def _option(name: str, value: str) -> tuple[str, ...]:
    # As a separate word, a value that begins with a dash would be read as an option.
    return (f"{name}={value}",) if value.startswith("-") else (name, value)


def _operand(word: str) -> tuple[str, ...]:
    return ("--", word) if word.startswith("-") else (word,)
