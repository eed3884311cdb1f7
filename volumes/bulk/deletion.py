"""Request the deletion of records, and find out what became of each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dashboard.cloud.errors import CloudError, NotFound, OutcomeUnknown, Refused, SignInRequired
from dashboard.cloud.optional import optional
from dashboard.cloud.parallel import each_within
from dashboard.web.unknown_outcome import look_into
from volumes.bulk.chain import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from dashboard.cloud.keystone import Cloud
    from volumes.kinds import Kind
    from volumes.lists.rows import Shown

DELETING = "deleting"


def delete(
    cloud: Cloud,
    kind: Kind[Shown],
    ids: Sequence[str],
    cascading: Collection[str] = (),
    pending_ids: Collection[str] | None = None,
    *,
    seconds: float,
) -> list[Outcome[Shown]]:
    """Request the deletion of these records for `seconds`, in their order, and return the outcomes so far.

    Disks in `cascading` are deleted together with their snapshots. A record is postponed while others that depend on it
    are being deleted, or will be because they are among the `pending_ids`; None means that nothing is postponed.

    Raises:
        SignInRequired: the session has ended. Deletions requested before that remain; repeating them is harmless.
    """
    return each_within(seconds, partial(_delete, cloud, kind, cascading, pending_ids), ids)


def _delete(
    cloud: Cloud, kind: Kind[Shown], cascading: Collection[str], pending_ids: Collection[str] | None, record_id: str
) -> Outcome[Shown]:
    request_deletion = kind.cascade if kind.cascade and record_id in cascading else kind.door.delete
    try:
        request_deletion(cloud, record_id)
    except SignInRequired:
        raise
    except OutcomeUnknown as error:
        return _check_outcome(cloud, kind, record_id, error)
    except CloudError as error:
        if pending_ids is not None and isinstance(error, Refused):
            is_waiting = partial(kind.is_waiting, cloud, record_id, pending_ids, error.reason)
            if optional(is_waiting, False)():
                return Outcome(record_id, postponed=True)
        return Outcome(record_id, error=error)
    return Outcome(record_id, words=_("is being deleted"))


def with_records(
    cloud: Cloud,
    kind: Kind[Shown],
    outcomes: Sequence[Outcome[Shown]],
    shown_ids: Collection[str],
    created_since: datetime | None,
) -> list[Outcome[Shown]]:
    """Add the records in deletion that have one of the `shown_ids` to their outcomes, and mark those that are gone.

    They are read together, because a request for each would take the cloud half as long as the deletions. None of them
    was created before `created_since`; None means unknown.

    Raises:
        CloudError: a record could not be read.
    """
    accepted = [outcome for outcome in outcomes if not (outcome.error or outcome.postponed or outcome.gone)]
    ids = [outcome.id for outcome in accepted if not outcome.shown and outcome.id in shown_ids]
    records_by_id = kind.door.find_many(cloud, ids, created_since)
    seen = {record_id: _gone(kind, record_id) for record_id in ids}
    # If a deletion has failed already, the poller reports it with the reason, as it does for later failures.
    seen |= {
        record_id: _being_deleted(replace(record, status_code=DELETING)) for record_id, record in records_by_id.items()
    }
    return [seen.get(outcome.id, outcome) for outcome in outcomes]


def _check_outcome(cloud: Cloud, kind: Kind[Shown], record_id: str, error: OutcomeUnknown) -> Outcome[Shown]:
    """Find out the result of a deletion whose response was lost."""
    records: list[Shown] = []

    def read_status() -> str:
        records.append(kind.door.find(cloud, record_id))
        return _("It has not been deleted so far: %(status)s.") % {"status": records[0].status.label}

    try:
        look_into(error, read_status)
    except NotFound:
        return _gone(kind, record_id)
    is_deleting = records and records[0].status_code == DELETING
    return _being_deleted(records[0]) if is_deleting else Outcome(record_id, error=error)


def _being_deleted(shown: Shown) -> Outcome[Shown]:
    return Outcome(shown.id, title=shown.title, words=_("is being deleted"), shown=shown)


def _gone(kind: Kind[Any], record_id: str) -> Outcome[Any]:
    return Outcome(record_id, words=str(kind.is_deleted), gone=True)
