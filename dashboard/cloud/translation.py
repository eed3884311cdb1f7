"""The errors of keystoneauth, and answers of the cloud that can't be read, as CloudErrors."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests
from django.utils.translation import gettext
from keystoneauth1 import exceptions

from dashboard.cloud import errors
from dashboard.cloud.transport import reason_of, tls_refusal, was_never_sent

logger = logging.getLogger(__name__)

# Ignore a Retry-After with more digits, as no user waits that long.
MAX_RETRY_DIGITS = 4

ERROR_OF_STATUS: dict[int, type[errors.CloudError]] = {
    400: errors.Refused,
    401: errors.SignInRequired,
    403: errors.NotAllowed,
    404: errors.NotFound,
    406: errors.Refused,
    409: errors.Conflict,
    413: errors.OverQuota,
    429: errors.RateLimited,
}


@contextmanager
def translated(*, write: bool = False) -> Iterator[None]:
    """Convert keystoneauth's exceptions to CloudError. A `write` interrupted after it was sent is OutcomeUnknown."""
    try:
        yield
    except exceptions.MissingAuthMethods as error:
        raise errors.SecondFactorNeeded from error
    except exceptions.ConnectionError as error:
        if refused := tls_refusal(error):
            logger.warning("The cloud's TLS certificate or protocol was not accepted: %s", refused)
        unknown = write and not was_never_sent(error)
        raise (errors.OutcomeUnknown if unknown else errors.Unreachable)(reason_of(error)) from error
    except exceptions.HttpError as error:
        request_id = str(error.request_id or "")
        if _is_a_gateways(error):
            raise errors.Broken(reason_of_http(error), request_id) from error
        headers = error.response.headers if error.response is not None else {}
        raise refusal(error.http_status, reason_of_http(error), request_id, headers) from error
    except exceptions.EndpointNotFound as error:
        raise errors.NoService(str(error)) from error
    except (exceptions.ClientException, requests.RequestException) as error:
        logger.warning("A request to the cloud failed: %s: %s", type(error).__name__, error)
        raise (errors.OutcomeUnknown if write else errors.Broken)(reason_of(error)) from error


@contextmanager
def parsing() -> Iterator[None]:
    """Convert errors in parsing an answer to Broken, for answers that don't match the API reference.

    Wrap only the parsing: an error in Diskboard's own code must not be reported as the cloud's.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Python's words are for the log only.
        logger.warning("An answer that doesn't match the API reference: %s: %s", type(error).__name__, error)
        raise errors.Broken(gettext("Its answer doesn't have the expected format.")) from error


def refusal(status: int, reason: str, request_id: str, headers: Mapping[str, str]) -> errors.CloudError:
    """Return the CloudError for an HTTP error status of the cloud."""
    if status == requests.codes.too_many_requests:
        seconds = headers.get("Retry-After", "")
        is_sane = seconds.isdecimal() and len(seconds) <= MAX_RETRY_DIGITS
        return errors.RateLimited(reason, request_id, int(seconds) if is_sane else 1)
    return ERROR_OF_STATUS.get(status, errors.Broken)(reason, request_id)


def _is_a_gateways(error: exceptions.HttpError) -> bool:
    """Return whether a 401 or 404 is from a gateway in front of the cloud: it proves nothing about password or token.

    Keystone answers with ``{"error": {…}}``. Some gateways drop the content of a 401; a page of text is their own.
    """
    content = error.response.content if error.response is not None else b""
    try:
        body = error.response.json() if error.response is not None else None
    except ValueError:
        body = None
    if error.http_status == requests.codes.unauthorized:
        return bool(content) and not isinstance(body, dict)
    is_keystones = isinstance(body, dict) and isinstance(body.get("error"), dict)
    return error.http_status == requests.codes.not_found and not is_keystones


def reason_of_http(error: exceptions.HttpError) -> str:
    """Return the cloud's message without the status and request ID that keystoneauth appends."""
    text = str(error.message or "").removesuffix(f" (Request-ID: {error.request_id})")
    return text.removesuffix(f" (HTTP {error.http_status})")
