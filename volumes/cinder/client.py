"""Asking Cinder on behalf of a signed-in person."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests
from cinderclient import api_versions, exceptions
from cinderclient import client as cinderclient
from django.core.cache import cache

from dashboard.cloud import errors
from dashboard.cloud.deadline import request_id
from dashboard.cloud.keystone import ERROR_OF_STATUS, Cloud, parsing, refusal, translated
from dashboard.cloud.transport import READS
from volumes.cinder.audited import audited

# The newest microversion this was tried with; discovery goes down from it.
NEWEST = api_versions.APIVersion("3.71")
OLDEST = api_versions.APIVersion("3.0")
SERVER_CACHE_SECONDS = 3600

ACCEPTED = frozenset({requests.codes.accepted, requests.codes.no_content})
# What a gateway answers where Cinder behind it may have done what was asked
GATEWAY_FAULTS = frozenset({502, 504})


@contextmanager
def calling(*, write: bool = False) -> Iterator[None]:
    """Turn what cinderclient raises into a CloudError. A `write` that was cut off is an OutcomeUnknown."""
    with translated(write=write):
        try:
            yield
        except (exceptions.ClientException, exceptions.UnsupportedVersion) as error:
            kind = ERROR_OF_STATUS.get(getattr(error, "code", 0), errors.Broken)
            reason = getattr(error, "message", None) or str(error)
            raise kind(str(reason), str(getattr(error, "request_id", None) or "")) from error


def version(cloud: Cloud) -> api_versions.APIVersion:
    """Return the newest microversion that both sides know: one request an hour and endpoint.

    Raises:
        CloudError: the cloud could not be asked.
    """
    known = cache.get(_version_key(cloud))
    if known is None:
        # cinderclient raises AttributeError where an error's body is text instead of an object.
        with calling(), parsing():
            known = api_versions.discover_version(_client(cloud, OLDEST), NEWEST).get_string()
        cache.set(_version_key(cloud), known, SERVER_CACHE_SECONDS)
    return api_versions.APIVersion(known)


def _version_key(cloud: Cloud) -> str:
    return f"cinder-version:{cloud.endpoint.url.replace(cloud.project.id, '')}"


def get(cloud: Cloud, path: str, parameters: Mapping[str, str | int] | None = None) -> dict[str, Any]:
    """Return the JSON object at `path` of the Cinder API.

    Raises:
        CloudError: the cloud refused, failed, or answered with anything but an object.
    """
    answer, body = _request(cloud, "GET", path + (f"?{urlencode(parameters)}" if parameters else ""))
    if answer.status_code != requests.codes.ok or not isinstance(body, dict):
        raise errors.Broken(*_nonsense(answer))
    return body


def post(cloud: Cloud, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Send JSON `content` to `path` and return the JSON object that comes back.

    Raises:
        OutcomeUnknown: it was sent, and what came back doesn't tell whether it was done.
        CloudError: the cloud refused or failed.
    """
    return _sent(cloud, "POST", path, content)


def put(cloud: Cloud, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what is at `path` by JSON `content` and return the JSON object that comes back.

    Raises:
        OutcomeUnknown: it was sent, and what came back doesn't tell whether it was done.
        CloudError: the cloud refused or failed.
    """
    return _sent(cloud, "PUT", path, content)


def act(cloud: Cloud, path: str, content: Mapping[str, Any]) -> None:
    """Send JSON `content` to `path` for an action that answers nothing, but that it was accepted.

    Raises:
        OutcomeUnknown: it was sent, and what came back doesn't tell whether it was done.
        CloudError: the cloud refused or failed.
    """
    with audited(cloud, "POST", path, content) as facts:
        answer, _body = _request(cloud, "POST", path, body=content)
        facts["cloud_request_id"] = _request_id(answer)
        _check(answer)
        if answer.status_code not in ACCEPTED and answer.content:
            raise errors.OutcomeUnknown(*_nonsense(answer))


def delete(cloud: Cloud, path: str) -> None:
    """Ask for the deletion of what is at `path`.

    Raises:
        OutcomeUnknown: it was sent, and no answer came.
        CloudError: the cloud refused, failed, or didn't accept it.
    """
    with audited(cloud, "DELETE", path, {}) as facts:
        answer, _body = _request(cloud, "DELETE", path)
        facts["cloud_request_id"] = _request_id(answer)
        if answer.status_code not in ACCEPTED:
            raise errors.Broken(*_nonsense(answer))


def inner(answer: Mapping[str, Any], name: str, otherwise: type[errors.CloudError] = errors.Broken) -> dict[str, Any]:
    """Return the object that an answer holds under `name`; raises `otherwise` where there is none."""
    found = answer.get(name)
    if not isinstance(found, dict):
        raise otherwise(f"an answer without {name}")
    return found


def rows(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of the list that an answer holds under `name`.

    Raises:
        Broken: there is no list.
    """
    found = answer.get(name)
    if not isinstance(found, list):
        raise errors.Broken(f"an answer without {name}")
    return [row for row in found if isinstance(row, dict)]


def _sent(cloud: Cloud, method: str, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    with audited(cloud, method, path, content) as facts:
        answer, body = _request(cloud, method, path, body=content)
        facts["cloud_request_id"] = _request_id(answer)
        _check(answer)
        if not isinstance(body, dict):
            raise errors.OutcomeUnknown(*_nonsense(answer))
        facts["id"] = facts["id"] or _id_in(body)
    return body


def _id_in(body: Mapping[str, Any]) -> str:
    """Return the id of what an answer tells of."""
    made = next(iter(body.values()), None)
    return str(made.get("id") or "") if isinstance(made, dict) else ""


def _check(answer: requests.Response) -> None:
    """Raise Broken unless the answer is one of success."""
    if not answer.ok or answer.is_redirect:
        raise errors.Broken(*_nonsense(answer))


def _request(cloud: Cloud, method: str, path: str, **options: Any) -> tuple[requests.Response, Any]:
    """Ask Cinder through cinderclient's HTTP layer; errors become CloudErrors.

    Not through its managers: those follow ``next`` links to whatever host they name, drop falsy filters, ask again for
    attributes that an answer lacks, and take whatever answers a deletion for a success.
    """
    asking = _client(cloud, version(cloud)).client
    write = method not in READS
    with calling(write=write):
        answer, body = getattr(asking, method.lower())(path, raise_exc=False, **options)
    if answer.status_code == requests.codes.not_acceptable:
        # It has gone back to an older version since: the next request asks which.
        cache.delete(_version_key(cloud))
    if answer.status_code >= requests.codes.bad_request:
        raise _refusal(answer, body, write=write)
    return answer, body


def _refusal(answer: requests.Response, body: Any, *, write: bool) -> errors.CloudError:
    reason, request_id = _reason(body) or _nonsense(answer)[0], _request_id(answer)
    if write and answer.status_code in GATEWAY_FAULTS:
        return errors.OutcomeUnknown(reason, request_id)
    return refusal(answer.status_code, reason, request_id, answer.headers)


def _reason(body: Any) -> str:
    """Return the cloud's own words: ``{"badRequest": {"message": …}}``, or less well-formed."""
    for value in body.values() if isinstance(body, dict) else ():
        message = value.get("message") if isinstance(value, dict) else value
        if isinstance(message, str) and message:
            return message
    return ""


def _nonsense(answer: requests.Response) -> tuple[str, str]:
    """Return what there is to say of an answer that says nothing, and its request id."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return f"HTTP {answer.status_code} {kind}".strip(), _request_id(answer)


def _request_id(answer: requests.Response) -> str:
    return str(answer.headers.get("x-openstack-request-id") or answer.headers.get("x-compute-request-id") or "")


def _client(cloud: Cloud, at: api_versions.APIVersion) -> Any:
    """Return a fresh cinderclient, whose calls carry our request's id into Cinder's logs."""
    made = cinderclient.Client(at, session=cloud.session())
    made.client.global_request_id = request_id() or None
    return made
