"""Quotas and disk types as frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """The usage and the limit of one quota; `allowed` is None if it has no limit."""

    used: int
    allowed: int | None

    @property
    def left(self) -> int | None:
        """How much more can be used, at least 0; None if there is no limit."""
        return None if self.allowed is None else max(0, self.allowed - self.used)


@dataclass(frozen=True, slots=True)
class Quota:
    """The quotas of a project: numbers of resources, and sizes in GiB.

    `gigabytes` includes snapshots, unless the operator has set no_snapshot_gb_quota.
    """

    disks: Allowance
    snapshots: Allowance
    gigabytes: Allowance
    backups: Allowance
    backup_gigabytes: Allowance


@dataclass(frozen=True, slots=True)
class TypeQuota:
    """The quotas of a project for one disk type: numbers of resources, and GiB including snapshots."""

    disks: Allowance
    snapshots: Allowance
    gigabytes: Allowance


@dataclass(frozen=True, slots=True)
class DiskType:
    """A Cinder volume type."""

    id: str
    name: str
    description: str
