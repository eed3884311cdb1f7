"""Asking Cinder on behalf of a signed-in person."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests
from cinderclient import api_versions, exceptions
from cinderclient import client as cinderclient
from django.core.cache import cache

from dashboard import errors
from dashboard.keystone import ERROR_OF_STATUS, Cloud, translated

# The newest microversion this was tried with; discovery goes down from it.
NEWEST = api_versions.APIVersion("3.71")
VERSION_CACHE_SECONDS = 3600


@contextmanager
def calling(*, write: bool = False) -> Iterator[None]:
    """Turn what cinderclient raises into a CloudError. A `write` that was cut off is an OutcomeUnknown."""
    with translated(write=write):
        try:
            yield
        except (exceptions.ClientException, exceptions.UnsupportedVersion) as error:
            raise _translation(error) from error
        except exceptions.VersionNotFoundForAPIMethod as error:
            raise errors.Refused(str(error)) from error
        except AttributeError as error:
            # cinderclient's answer to an error body that is text where it expects an object
            raise errors.Broken(str(error)) from error


def _translation(error: Exception) -> errors.CloudError:
    kind = ERROR_OF_STATUS.get(getattr(error, "code", 0), errors.Broken)
    reason = getattr(error, "message", None) or str(error)
    return kind(str(reason), str(getattr(error, "request_id", None) or ""))


def version(cloud: Cloud) -> api_versions.APIVersion:
    """Return the newest microversion that both sides know: one request an hour and endpoint.

    Raises:
        CloudError: the cloud could not be asked.
    """
    key = f"cinder-version:{cloud.endpoint.url.replace(cloud.project.id, '')}"
    known = cache.get(key)
    if known is None:
        with calling():
            known = api_versions.discover_version(_client(cloud, api_versions.APIVersion("3.0")), NEWEST).get_string()
        cache.set(key, known, VERSION_CACHE_SECONDS)
    return api_versions.APIVersion(known)


def _client(cloud: Cloud, at: api_versions.APIVersion) -> Any:
    return cinderclient.Client(at, session=cloud.session())


def client(cloud: Cloud) -> Any:
    """Return a fresh cinderclient. One for each use: a client repeats its first request id on later calls."""
    return _client(cloud, version(cloud))


def get(cloud: Cloud, path: str, parameters: Mapping[str, str | int] | None = None) -> dict[str, Any]:
    """Return the JSON object at `path` of the Cinder API.

    Lists are read this way and not through cinderclient's managers: those follow ``next`` links to whatever host they
    name, drop falsy filters, and make further requests for attributes that an answer lacks.

    Raises:
        CloudError: the cloud refused, failed, or answered with anything but an object.
    """
    asking = client(cloud)
    with calling():
        answer, body = asking.client.get(path + (f"?{urlencode(parameters)}" if parameters else ""))
        if not isinstance(body, dict) or answer.status_code != requests.codes.ok:
            raise errors.Broken(
                f"HTTP {answer.status_code} {answer.headers.get('Content-Type', '')}".strip(),
                answer.headers.get("x-openstack-request-id", ""),
            )
        return body
