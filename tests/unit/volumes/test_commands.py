"""The dialogs as shell commands: every word reaches the client as it was typed."""

import argparse
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from tests.support.cloud_rows import an_id
from volumes import commands

DISK, SNAPSHOT, BACKUP = an_id(1), an_id(2), an_id(3)

HOSTILE = [
    "plain",
    "two  words ",
    "it's",
    'say "hi"',
    "\"'`\\\\'",
    "$HOME ${HOME} $(id) `id` $'x'",
    "*?[a-z]{b,c}~",
    "~root",
    "a;b&c|d>e<f(g)",
    "# no comment",
    "!! !x",
    "line\nbreak\r\n",
    "\ttab",
    "\x03; id\r\\x1b[2J\x1b%s\x7f",
    "\x9b5\x1f5\n\n",
    "-\x07",
    "\\",
    "-x",
    "--",
    "-",
    "--force",
    "--property=a=b",
    "- with spaces",
    "-1",
    "=",
    "a=b=c",
    "@file",
    "help",
    "",
    " ",
    "Диск",
    "🦊\u200b\u202e\xa0",
    "ё" * 255,
]

# The tests require bash; they use the other shells if these are installed.
SHELLS = ["bash", *(path for path in map(shutil.which, ("dash", "zsh")) if path)]


def words_that_arrive(lines: list[str], *shell: str) -> list[list[str]]:
    """The arguments with which a shell would start the client, for each line."""
    told = 'openstack() { printf \'%s\\0\' "$#" "$@"; }\n' + "\n".join([*lines, ""])
    done = subprocess.run([*shell], input=told.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    words = iter(done.stdout.decode().split("\0")[:-1])
    return [list(islice(words, int(count))) for count in words]


def kept(text: str) -> str:
    return {"": " ", "--": "-- "}.get(text, text)


def the_client(words: list[str], command: str) -> dict[str, Any]:
    """Parse words as the client does: first its global options anywhere in them, then those of the command."""
    start = command.split()
    assert words[: len(start)] == start
    outer = argparse.ArgumentParser()
    outer.add_argument("--os-volume-api-version", dest="version", default=argparse.SUPPRESS)
    read, rest = outer.parse_known_args(words[len(start) :])
    inner = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    for option in ("--volume", "--snapshot", "--source", "--backup", "--name", "--description", "--type"):
        inner.add_argument(option)
    inner.add_argument("--availability-zone")
    inner.add_argument("--migration-policy", choices=["never", "on-demand"])
    inner.add_argument("--size", type=int)
    inner.add_argument("--property", action="append")
    for flag in ("--force", "--incremental", "--no-property"):
        inner.add_argument(flag, action="store_true")
    inner.add_argument("operand")
    return vars(read) | vars(inner.parse_args(rest))


def what_the_client_reads(line_of: Callable[[str], str], command: str, values: list[str]) -> dict[str, dict[str, Any]]:
    """What reaches the client from the lines of one command, by typed value; one shell runs all lines."""
    arrived = words_that_arrive([line_of(value) for value in values], "sh")
    assert len(arrived) == len(values)
    return {value: the_client(words, command) for value, words in zip(values, arrived, strict=True)}


def named(value: str) -> dict[str, str]:
    """The name and the description that the client gets, if the command always has both."""
    return {"name": kept(value), "description": kept(value)}


def test_it_creates_a_snapshot() -> None:
    def line(value: str) -> str:
        return commands.create_snapshot(DISK, name=value, description=value, properties={f"k{value}": value})

    for value, read in what_the_client_reads(line, "volume snapshot create", HOSTILE).items():
        assert read == {
            "version": "3.1",
            "volume": DISK,
            "force": True,
            "property": [f"k{value}={value}"],
            "operand": value,
            **({"description": kept(value)} if value else {}),
        }


def test_it_edits_a_snapshot() -> None:
    def line(value: str) -> str:
        properties = {f"{value}k": value, "b": value}
        return commands.edit_snapshot(SNAPSHOT, name=value, description=value, properties=properties)

    for value, read in what_the_client_reads(line, "volume snapshot set", HOSTILE).items():
        properties = [f"{value}k={value}", f"b={value}"]
        assert read == {**named(value), "no_property": True, "property": properties, "operand": SNAPSHOT}


def test_it_creates_a_disk() -> None:
    def line(value: str) -> str:
        return commands.create_disk(size=7, name=value, description=value, type_name="a b", zone="-c")

    for value, read in what_the_client_reads(line, "volume create", HOSTILE).items():
        assert read == {
            "size": 7,
            "type": "a b",
            "availability_zone": "-c",
            "operand": value,
            **({"description": kept(value)} if value else {}),
        }


def test_it_creates_a_backup() -> None:
    def line(value: str) -> str:
        return commands.create_backup(DISK, name=value, description=value, incremental=False)

    for value, read in what_the_client_reads(line, "volume backup create", HOSTILE).items():
        assert read == {"force": True, "operand": DISK, **(named(value) if value else {})}


def test_it_renames_a_disk() -> None:
    def line(value: str) -> str:
        return commands.rename_disk(DISK, name=value, description=value)

    for value, read in what_the_client_reads(line, "volume set", HOSTILE).items():
        assert read == {**named(value), "operand": DISK}


def test_it_sets_a_disks_properties() -> None:
    def line(value: str) -> str:
        return commands.set_disk_properties(DISK, properties={f"{value}k": value, "b": value})

    for value, read in what_the_client_reads(line, "volume set", HOSTILE).items():
        assert read == {"no_property": True, "property": [f"{value}k={value}", f"b={value}"], "operand": DISK}


def test_it_changes_a_disks_type() -> None:
    # For a client on Python before 3.13, two dashes can't be the name of a type: argparse removes them.
    names = [value for value in HOSTILE if value != "--"]

    def line(name: str) -> str:
        return commands.change_type(DISK, type_name=name, migrate=True)

    for name, read in what_the_client_reads(line, "volume set", names).items():
        assert read == {"type": name, "migration_policy": "on-demand", "operand": DISK}


@pytest.mark.parametrize("shell", SHELLS)
def test_it_means_the_same_to_every_shell(shell: str) -> None:
    def line(value: str) -> str:
        return commands.create_snapshot(DISK, name=value, description=value, properties={value: value})

    lines = [line(value) for value in HOSTILE]
    assert words_that_arrive(lines, shell) == words_that_arrive(lines, "sh")
    acted_upon = [line for line in lines if re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", line)]
    assert acted_upon == [], "A terminal might act upon these"


def test_it_is_left_as_it_is_by_the_history_of_a_terminal() -> None:
    line = commands.create_snapshot(DISK, name="it's !! !x", description='"!$"', properties={"a!b": "'!'"})
    assert words_that_arrive([line], "bash", "-o", "history", "-o", "histexpand") == [shlex.split(line)[1:]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            commands.create_snapshot(DISK, name="the 1st", description="", properties={}),
            f"openstack volume snapshot create --os-volume-api-version 3.1 --volume {DISK} --force 'the 1st'",
        ),
        (
            commands.edit_snapshot(SNAPSHOT, name="-a", description="-b", properties={"-c": "d", "e": ""}),
            "openstack volume snapshot set --name=-a --description=-b --no-property --property=-c=d --property e= "
            + SNAPSHOT,
        ),
        (
            commands.edit_snapshot(SNAPSHOT, name="a", description="", properties={"b": "c d"}),
            f"openstack volume snapshot set --name a --description ' ' --no-property --property 'b=c d' {SNAPSHOT}",
        ),
        (
            commands.edit_snapshot(SNAPSHOT, name="", description="a", properties={}),
            f"openstack volume snapshot set --name ' ' --description a --no-property {SNAPSHOT}",
        ),
        (
            commands.edit_snapshot(SNAPSHOT, name="a", description="b", properties=None),
            f"openstack volume snapshot set --name a --description b {SNAPSHOT}",
        ),
        (
            commands.delete_snapshots([SNAPSHOT, an_id(9)]),
            f"openstack volume snapshot delete {SNAPSHOT} {an_id(9)}",
        ),
        (commands.show_snapshot(SNAPSHOT), f"openstack volume snapshot show {SNAPSHOT}"),
        (commands.delete_backups([BACKUP]), f"openstack volume backup delete {BACKUP}"),
        (commands.delete_disks([DISK, an_id(9)]), f"openstack volume delete {DISK} {an_id(9)}"),
        (
            commands.delete_disks([DISK, an_id(9)], cascade=True),
            f"openstack volume delete --cascade {DISK} {an_id(9)}",
        ),
        (commands.show_disk(DISK), f"openstack volume show {DISK}"),
        (commands.resize_disk(DISK, size=20), f"openstack volume set --size 20 {DISK}"),
        (commands.resize_disk(DISK, size="-1 x"), f"openstack volume set '--size=-1 x' {DISK}"),
        (
            commands.resize_disk(DISK, size=20, attached=True),
            f"openstack volume set --os-volume-api-version 3.42 --size 20 {DISK}",
        ),
        (commands.change_type(DISK, type_name="fast", migrate=False), f"openstack volume set --type fast {DISK}"),
        (
            commands.change_type(DISK, type_name="very fast", migrate=True),
            f"openstack volume set --type 'very fast' --migration-policy on-demand {DISK}",
        ),
        (
            commands.rename_disk(DISK, name="", description="-a"),
            f"openstack volume set --name ' ' --description=-a {DISK}",
        ),
        (commands.set_bootable(DISK, True), f"openstack volume set --bootable {DISK}"),
        (commands.set_bootable(DISK, False), f"openstack volume set --non-bootable {DISK}"),
        (
            commands.set_disk_properties(DISK, properties={"a b": "c", "-d": ""}),
            f"openstack volume set --no-property --property 'a b=c' --property=-d= {DISK}",
        ),
        (commands.set_disk_properties(DISK, properties={}), f"openstack volume set --no-property {DISK}"),
        (commands.roll_back(SNAPSHOT), f"openstack volume revert --os-volume-api-version 3.40 {SNAPSHOT}"),
        (
            commands.create_disk(size=10, name="-a", description="", type_name="", zone=""),
            "openstack volume create --size 10 -- -a",
        ),
        (
            commands.create_disk(size=10, name="data", description="", type_name="", zone=""),
            "openstack volume create --size 10 data",
        ),
        (
            commands.create_disk(
                size="", name="", description="a", type_name="fast", zone="north", snapshot_id=SNAPSHOT
            ),
            f"openstack volume create --snapshot {SNAPSHOT} --type fast --availability-zone north --description a ''",
        ),
        (
            commands.create_disk(size=2, name="", description="", type_name="", zone="", source_disk_id=DISK),
            f"openstack volume create --size 2 --source {DISK} ''",
        ),
        (
            commands.create_disk(size=10, name="a", description="", type_name="", zone="", backup_id=BACKUP),
            f"openstack volume create --os-volume-api-version 3.47 --size 10 --backup {BACKUP} a",
        ),
        (
            commands.create_backup(DISK, name="", description="", incremental=False),
            f"openstack volume backup create --force {DISK}",
        ),
        (
            commands.create_backup(DISK, snapshot_id=SNAPSHOT, name="a", description="", incremental=True),
            f"openstack volume backup create --force --incremental --snapshot {SNAPSHOT} --name a {DISK}",
        ),
    ],
)
def test_it_reads_well(line: str, expected: str) -> None:
    assert line == expected
