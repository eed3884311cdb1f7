"""The audit log: one line of JSON for every change in the cloud, sign-in and sign-out.

A line holds the user, project, action, resource IDs, outcome, and the request IDs of Cinder and Diskboard. It never
holds tokens, passwords, or the text of descriptions and properties.
"""

import json
import logging
from datetime import UTC, datetime

from dashboard.cloud import deadline
from dashboard.cloud.errors import CloudError, OutcomeUnknown, Unreachable
from dashboard.cloud.keystone import Cloud

logger = logging.getLogger(__name__)

# OpenStack's schema errors echo the submitted value after this marker.
ECHO_MARKER = " Value: "


def record(action: str, *, cloud: Cloud | None = None, error: CloudError | None = None, **facts: object) -> None:
    """Log that `action` succeeded, or failed with `error`. Empty `facts` are left out."""
    line: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "action": action,
        "outcome": _outcome(error),
        "request_id": deadline.request_id(),
    }
    if cloud:
        line |= {
            "user_id": cloud.user_id,
            "user_name": cloud.user_name,
            "project_id": cloud.project.id,
            "project_name": cloud.project.name,
            "region": cloud.endpoint.region,
        }
    line |= facts
    if error:
        line |= {"error": type(error).__name__, "reason": error.reason.partition(ECHO_MARKER)[0]}
        line |= {"cloud_request_id": error.request_id} if error.request_id else {}
    logger.info(json.dumps({name: value for name, value in line.items() if value not in ("", None, [])}))


def _outcome(error: CloudError | None) -> str:
    """Return ``accepted``, ``refused`` (by the cloud), ``not sent``, or ``unknown`` (sent, but no answer came)."""
    if error is None:
        return "accepted"
    if isinstance(error, OutcomeUnknown):
        return "unknown"
    return "not sent" if isinstance(error, Unreachable) else "refused"
