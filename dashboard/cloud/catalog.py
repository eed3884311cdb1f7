"""Find Cinder's API v3, and Nova, in a service catalog."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from dashboard.cloud import errors

# Service types of Cinder's API v3 in catalogs, preferred one first (OpenStack service types authority)
BLOCK_STORAGE_TYPES = ("block-storage", "volumev3", "volume")
OLD_TYPE = "volumev2"
COMPUTE_TYPE = "compute"
# A version in the path of a URL: "/v3/…" or "/v2"
VERSION = re.compile(r"/v(\d+)(?:\.\d+)?(?=/|$)")
NEEDED_VERSION = 3


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The URLs of Cinder and Nova in one region; `compute_url` is empty if the region has no Nova."""

    region: str
    url: str
    compute_url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A URL in the catalog, with the service type that it is listed under."""

    service_type: str
    region: str
    url: str


def block_storage(entries_of: Callable[[str], list[Entry]], project_id: str) -> tuple[Endpoint, ...]:
    """Return Cinder's endpoint in each region, under the preferred service type that the catalog lists.

    `entries_of` returns the catalog's entries of a service type.

    Raises:
        TooOld: the catalog lists only versions before 3.
        NoService: the catalog lists no block storage, or none in OS_REGION_NAME.
    """
    compute = {entry.region: entry.url for entry in entries_of(COMPUTE_TYPE)}
    has_old = False
    for service_type in (*BLOCK_STORAGE_TYPES, OLD_TYPE):
        found = [entry for entry in entries_of(service_type) if settings.OS_REGION_NAME in ("", entry.region)]
        urls = {entry.region: _with_version(entry.url, project_id) for entry in found if not _is_old(entry)}
        if urls:
            return tuple(Endpoint(region, urls[region], compute.get(region, "")) for region in sorted(urls))
        has_old = has_old or bool(found)
    raise errors.TooOld if has_old else errors.NoService("no block storage in the service catalog")


def _version_in(url: str) -> int | None:
    """Return the last version in a URL's path; a gateway may put one of its own before it."""
    versions = VERSION.findall(url.partition("://")[2])
    return int(versions[-1]) if versions else None


def _is_old(entry: Entry) -> bool:
    version = _version_in(entry.url)
    return entry.service_type == OLD_TYPE or (version is not None and version < NEEDED_VERSION)


def _with_version(url: str, project_id: str) -> str:
    """Return `url` with version and project where the catalog lists the service without a version."""
    return url if _version_in(url) is not None else f"{url.rstrip('/')}/v{NEEDED_VERSION}/{project_id}"
