"""What a project may use, and of which types: frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of something a project uses, and how much it may; `allowed` is None where there is no limit."""

    used: int
    allowed: int | None

    @property
    def left(self) -> int | None:
        """How much more it may use, never below 0; None where there is no limit."""
        return None if self.allowed is None else max(0, self.allowed - self.used)


@dataclass(frozen=True, slots=True)
class Quota:
    """What a project uses and may use: numbers of things, and GiB.

    Snapshots count into `gigabytes` too, unless the operator has set no_snapshot_gb_quota.
    """

    disks: Allowance
    snapshots: Allowance
    gigabytes: Allowance
    backups: Allowance
    backup_gigabytes: Allowance


@dataclass(frozen=True, slots=True)
class TypeQuota:
    """What a project uses and may use of one disk type: numbers of things, and GiB, snapshots included."""

    disks: Allowance
    snapshots: Allowance
    gigabytes: Allowance


@dataclass(frozen=True, slots=True)
class DiskType:
    """A Cinder volume type."""

    id: str
    name: str
    description: str
