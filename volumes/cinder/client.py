"""Requests to Cinder on behalf of the signed-in user."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import requests
from cinderclient import client as cinderclient
from cinderclient import exceptions
from cinderclient.api_versions import APIVersion

from dashboard.cloud import errors
from dashboard.cloud.deadline import request_id
from dashboard.cloud.ids import CLOUD_ID
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.translation import ERROR_OF_STATUS, refusal, translated
from dashboard.cloud.transport import READS
from volumes.cinder.audited import audited
from volumes.cinder.versions import forget, version

SUCCESS = 2
# The project of a disk, snapshot or backup in answers to administrators (API reference)
OWNER_FIELDS = (
    "os-vol-tenant-attr:tenant_id",
    "os-extended-snapshot-attributes:project_id",
    "os-backup-project-attr:project_id",
)
# Cinder's messages about a volume type that it doesn't find (cinder/exception.py, VolumeTypeNotFound)
TYPE_NOT_FOUND = re.compile(r"volume type .*could not be found", re.IGNORECASE)
PROPERTIES = "metadata"
# The role that Cinder's default policies take for an administrator of all projects
ADMINISTRATOR = "admin"
# The fields of a request that name another resource, and the kind of it
REFERENCES = {
    "volume_id": "volumes",
    "source_volid": "volumes",
    "snapshot_id": "snapshots",
    "backup_id": "backups",
}
NOT_FOUND_FAULT = "itemNotFound"
# The fault of Cinder's own limit of requests, which has the status of an exceeded quota
RATE_FAULT = "overLimitFault"
# The names of Cinder's faults (cinder/api/openstack/wsgi.py, Fault and OverLimitFault)
FAULT_NAMES = frozenset(
    {
        NOT_FOUND_FAULT,
        "badMediaType",
        "badMethod",
        "badRequest",
        "computeFault",
        "conflictingRequest",
        "forbidden",
        "notImplemented",
        "overLimit",
        RATE_FAULT,
        "serviceUnavailable",
        "unauthorized",
    }
)

ACCEPTED = frozenset({requests.codes.accepted, requests.codes.no_content})


@contextmanager
def calling(*, write: bool = False) -> Iterator[None]:
    """Convert cinderclient's exceptions to a CloudError; an interrupted `write` becomes an OutcomeUnknown."""
    with translated(write=write):
        try:
            yield
        except (exceptions.ClientException, exceptions.UnsupportedVersion) as error:
            kind = ERROR_OF_STATUS.get(getattr(error, "code", 0), errors.Broken)
            reason = getattr(error, "message", None) or str(error)
            raise kind(str(reason), str(getattr(error, "request_id", None) or "")) from error


def get(cloud: Cloud, path: str, parameters: Mapping[str, str | int] | None = None) -> dict[str, Any]:
    """Return the JSON object at `path` of the Cinder API.

    Raises:
        CloudError: the cloud refused, failed, or sent no JSON object.
    """
    answer, body = _request(cloud, "GET", path + (f"?{urlencode(parameters)}" if parameters else ""))
    if answer.status_code != requests.codes.ok or not isinstance(body, dict):
        raise errors.Broken(*_describe(answer))
    return body


def post(cloud: Cloud, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Send `content`, an object in a field with its name, and return the object in that field of the response.

    Raises:
        OutcomeUnknown: the request was sent, but the response doesn't show whether the change was made.
        CloudError: the cloud refused or failed.
    """
    return _sent(cloud, "POST", path, content)


def put(cloud: Cloud, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Like `post`, but replace the resource at `path`.

    Raises:
        OutcomeUnknown: the request was sent, but the response doesn't show whether the change was made.
        CloudError: the cloud refused or failed.
    """
    return _sent(cloud, "PUT", path, content)


def act(cloud: Cloud, path: str, content: Mapping[str, Any]) -> None:
    """Send JSON `content` to `path` for an action whose response has no content.

    Raises:
        OutcomeUnknown: the request was sent, but the response doesn't show whether the change was made.
        CloudError: the cloud refused or failed.
    """
    with audited(cloud, "POST", path, content) as facts:
        answer, _body = _request(cloud, "POST", path, body=content)
        facts["cloud_request_id"] = _request_id(answer)
        _check_accepted(answer)


def delete(cloud: Cloud, path: str) -> None:
    """Request the deletion of the resource at `path`.

    Raises:
        LacksSomething: Cinder responds 404, which doesn't prove that the resource is gone.
        OutcomeUnknown: the request was sent, but the response doesn't show whether Cinder accepted it.
        CloudError: the cloud refused or failed.
    """
    with audited(cloud, "DELETE", path, {}) as facts:
        answer, _body = _request(cloud, "DELETE", path)
        facts["cloud_request_id"] = _request_id(answer)
        _check_accepted(answer)


def inner(answer: Mapping[str, Any], name: str, otherwise: type[errors.CloudError] = errors.Broken) -> dict[str, Any]:
    """Return the object in an answer's field `name`; raise `otherwise` if it has none."""
    value = answer.get(name)
    if not isinstance(value, dict):
        raise otherwise(f"an answer without {name}")
    return value


def find(cloud: Cloud, path: str, name: str) -> dict[str, Any]:
    """Return the object in the field `name` of the answer at `path`: a disk, snapshot or backup of the project.

    Cinder lets an administrator read the resources of every project below the URL of any project.

    Raises:
        NotFound: it doesn't exist, or it belongs to another project.
        CloudError: the cloud refused or failed.
    """
    row = resource(get(cloud, path), name)
    owner = next((row[field] for field in OWNER_FIELDS if row.get(field)), cloud.project.id)
    if owner != cloud.project.id:
        raise errors.NotFound
    return row


def resource(
    answer: Mapping[str, Any], name: str, otherwise: type[errors.CloudError] = errors.Broken
) -> dict[str, Any]:
    """Return the object in an answer's field `name`; raise `otherwise` if it has no id that is valid in a URL."""
    row = inner(answer, name, otherwise)
    if not CLOUD_ID.fullmatch(str(row.get("id"))):
        raise otherwise(f"a {name} without a usable id")
    return row


def rows(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of the list in an answer's field `name`.

    Raises:
        Broken: the answer has no such list.
    """
    items = answer.get(name)
    if not isinstance(items, list):
        raise errors.Broken(f"an answer without {name}")
    return [row for row in items if isinstance(row, dict)]


def _sent(cloud: Cloud, method: str, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
    with audited(cloud, method, path, content) as facts:
        answer, body = _request(cloud, method, path, body=content)
        facts["cloud_request_id"] = _request_id(answer)
        if not _is_success(answer) or not isinstance(body, dict):
            raise errors.OutcomeUnknown(*_describe(answer))
        [name] = content
        read = inner if name == PROPERTIES else resource
        told = read(body, name, errors.OutcomeUnknown)
        facts["id"] = facts["id"] or told.get("id")
    return told


def _check_accepted(answer: requests.Response) -> None:
    """Raise OutcomeUnknown unless this is how Cinder accepts a request whose response has no content."""
    if answer.status_code not in ACCEPTED and (not _is_success(answer) or answer.content):
        raise errors.OutcomeUnknown(*_describe(answer))


def _is_success(answer: requests.Response) -> bool:
    return answer.status_code // 100 == SUCCESS


def _request(cloud: Cloud, method: str, path: str, **options: Any) -> tuple[requests.Response, Any]:
    """Send a request through cinderclient's HTTP layer; errors are raised as CloudErrors.

    cinderclient's managers are not used: they follow ``next`` links to any host, drop falsy filters, send another
    request for attributes that an answer lacks, and treat any response to a deletion as a success.
    """
    write = method not in READS
    if write and ADMINISTRATOR in cloud.roles:
        _find_all(cloud, path, options.get("body") or {})
    http_client = _client(cloud, version(cloud)).client
    with calling(write=write):
        answer, body = getattr(http_client, method.lower())(path, raise_exc=False, **options)
    if answer.status_code == requests.codes.not_acceptable:
        # Cinder was downgraded since its version was cached, so the next request reads it again.
        forget(cloud)
    if answer.status_code >= requests.codes.bad_request:
        raise _refusal(answer, body, write=write)
    return answer, body


def _find_all(cloud: Cloud, path: str, content: Mapping[str, Any]) -> None:
    """Check that the project has every resource that a change is about: one request for each.

    Cinder itself checks this for members, but lets an administrator change the resources of every project.

    Raises:
        NotFound: one of them doesn't exist, or belongs to another project.
        CloudError: the cloud refused or failed.
    """
    kind, resource_id, *_ = [*path.partition("?")[0].strip("/").split("/"), ""]
    values = next(iter(content.values()), None)
    fields = values if isinstance(values, dict) else {}
    sent = {(REFERENCES[name], str(value)) for name, value in fields.items() if name in REFERENCES and value}
    for found_kind, found_id in sorted({(kind, resource_id), *sent}):
        if CLOUD_ID.fullmatch(found_id):
            find(cloud, f"/{found_kind}/{found_id}", found_kind.removesuffix("s"))


def _refusal(answer: requests.Response, body: Any, *, write: bool) -> errors.CloudError:
    """Return the error for an HTTP error status.

    Only a fault in Cinder's format is from Cinder: a gateway in front of it can respond with any status, also after
    Cinder has made the change. keystonemiddleware's 401 has another format, but comes before anything is done.
    """
    reason, request_id, status = _reason(body) or _describe(answer)[0], _request_id(answer), answer.status_code
    fault = _fault_name(body)
    if fault == RATE_FAULT:
        status = requests.codes.too_many_requests
    if write:
        is_refusal = bool(fault) and status < requests.codes.server_error
        if not is_refusal and status != requests.codes.unauthorized:
            return errors.OutcomeUnknown(reason, request_id)
        if status == requests.codes.not_found:
            lacks_type = TYPE_NOT_FOUND.search(reason)
            return (errors.TypeWithdrawn if lacks_type else errors.LacksSomething)(reason, request_id)
    elif status == requests.codes.not_found and fault != NOT_FOUND_FAULT:
        return errors.Broken(reason, request_id)
    return refusal(status, reason, request_id, answer.headers)


def _fault_name(body: Any) -> str:
    """Return the name in a fault as Cinder sends it, ``{"itemNotFound": {"code": 404, "message": …}}``; else "".

    Keystone and many gateways send ``{"error": {"code": …, "message": …}}``, which isn't from Cinder.
    """
    [(name, fault)] = body.items() if isinstance(body, dict) and len(body) == 1 else [("", None)]
    is_fault = name in FAULT_NAMES and isinstance(fault, dict) and {"code", "message"} <= fault.keys()
    return str(name) if is_fault else ""


def _reason(body: Any) -> str:
    """Return Cinder's message from ``{"badRequest": {"message": …}}`` or from a less well-formed body."""
    for value in body.values() if isinstance(body, dict) else ():
        message = value.get("message") if isinstance(value, dict) else value
        if isinstance(message, str) and message:
            return message
    return ""


def _describe(answer: requests.Response) -> tuple[str, str]:
    """Return a description of a response without a message (HTTP status and content type), and its request id."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return f"HTTP {answer.status_code} {kind}".strip(), _request_id(answer)


def _request_id(answer: requests.Response) -> str:
    return str(answer.headers.get("x-openstack-request-id") or answer.headers.get("x-compute-request-id") or "")


def _client(cloud: Cloud, version: APIVersion) -> Any:
    """Return a new cinderclient that sends this request's id, so that it appears in Cinder's logs."""
    new_client = cinderclient.Client(version, session=cloud.session())
    new_client.client.global_request_id = request_id() or None
    return new_client
