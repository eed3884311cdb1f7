"""Disks of LL NVMe types, whose snapshots vanish when the instance migrates."""

from fnmatch import fnmatchcase

from django.conf import settings


def is_ll_nvme(type_name: str) -> bool:
    """Tell whether disks of this type lose their snapshots when their instance migrates: LL_NVME_TYPES names them."""
    return any(fnmatchcase(type_name.casefold(), pattern) for pattern in settings.LL_NVME_TYPES)
