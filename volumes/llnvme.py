"""Disks of LL NVMe types, which lose their snapshots when their instance migrates."""

from fnmatch import fnmatchcase

from django.conf import settings


def is_ll_nvme(type_name: str) -> bool:
    """Return whether the name of a disk type matches a pattern in the setting LL_NVME_TYPES."""
    return any(fnmatchcase(type_name.casefold(), pattern) for pattern in settings.LL_NVME_TYPES)
