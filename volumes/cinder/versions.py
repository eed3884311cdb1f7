"""The version of Cinder's API that Diskboard and the cloud both support."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import requests
from cinderclient.api_versions import APIVersion
from django.core.cache import caches

from dashboard.cloud import errors
from dashboard.cloud.translation import translated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.cloud.keystone import Cloud

# The newest microversion that Diskboard was tested with
NEWEST = APIVersion("3.71")
# What every Cinder with API v3 supports
OLDEST = APIVersion("3.0")
CACHE_SECONDS = 3600
SERVER_ERROR = 5
# A cloud that hides its versions may do so only for a moment.
FALLBACK_CACHE_SECONDS = 60
# The part of an endpoint's path that names the API, such as the last /v3 in /v3/volume/v3/<project id>: a gateway may
# put a version of its own before it
V3 = re.compile(r".*(?=/v3(?:/|$))")
VERSION = re.compile(r"3\.\d{1,4}")


def version(cloud: Cloud) -> APIVersion:
    """Return the newest microversion that both sides support: one or two requests per hour, process and endpoint.

    Cinder publishes its versions at its root and below /v3/. Some gateways publish only the second, and some neither;
    then it is 3.0.

    Raises:
        CloudError: the cloud can't be reached, or it has an internal problem at both addresses.
    """
    key = _cache_key(cloud)
    text: str | None = caches["process"].get(key)
    if text is None:
        text, seconds = _discover(cloud)
        caches["process"].set(key, text, seconds)
    return APIVersion(text)


def forget(cloud: Cloud) -> None:
    """Discover the version again at the next request."""
    caches["process"].delete(_cache_key(cloud))


def _cache_key(cloud: Cloud) -> str:
    return f"cinder-version:{cloud.endpoint.url.replace(cloud.project.id, '')}"


def _discover(cloud: Cloud) -> tuple[str, int]:
    """Return the version, and for how many seconds it is valid."""
    failures = []
    for url, with_token in _addresses(cloud.endpoint.url):
        with translated():
            answer = cloud.session().get(url, authenticated=with_token, raise_exc=False)
        newest = _newest(answer)
        if newest is not None:
            return min(NEWEST, newest).get_string(), CACHE_SECONDS
        failures.append(answer)
    if all(_is_failure(answer) for answer in failures):
        raise errors.Broken(f"HTTP {failures[-1].status_code}", failures[-1].headers.get("x-openstack-request-id", ""))
    return OLDEST.get_string(), FALLBACK_CACHE_SECONDS


def _addresses(endpoint_url: str) -> Iterable[tuple[str, bool]]:
    """Yield the URLs of the versions, and whether Cinder wants a token there: its root needs none."""
    parts = urlsplit(endpoint_url)
    found = V3.match(parts.path)
    before = found[0] if found else ""
    yield urlunsplit((parts.scheme, parts.netloc, f"{before}/", "", "")), False
    yield urlunsplit((parts.scheme, parts.netloc, f"{before}/v3/", "", "")), True


def _newest(answer: requests.Response) -> APIVersion | None:
    """Return the newest version 3 in an answer; None if it isn't a list of versions, or has no version 3.

    Source: API reference of Cinder, "API versions"; cinder/api/versions.py.
    """
    if answer.status_code not in {requests.codes.ok, requests.codes.multiple_choices}:
        return None
    try:
        body = answer.json()
    except ValueError:
        return None
    rows: Any = body.get("versions") if isinstance(body, dict) else None
    names = [row.get("version") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    known = [APIVersion(name) for name in names if isinstance(name, str) and VERSION.fullmatch(name)]
    return max(known, default=None)


def _is_failure(answer: requests.Response) -> bool:
    return answer.status_code == requests.codes.too_many_requests or answer.status_code // 100 == SERVER_ERROR
