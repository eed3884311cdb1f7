"""Deleting many snapshots: what will happen to each, and what did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dashboard.errors import CloudError, NotFound, SignInRequired
from volumes.cinder import snapshots
from volumes.parallel import each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.keystone import Cloud
    from volumes.cinder.values import Snapshot


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of deleting one snapshot.

    `error` tells why it could not be deleted. Otherwise it is `gone`, or on its way as `snapshot` shows; None where the
    deletion was accepted, but the cloud didn't show it afterwards.
    """

    id: str
    error: CloudError | None = None
    gone: bool = False
    snapshot: Snapshot | None = None


def look_at(cloud: Cloud, ids: Sequence[str]) -> list[Snapshot]:
    """Return these snapshots as they are now; what is gone is left out.

    Raises:
        CloudError: one could not be looked at.
    """
    return [found for found in each(partial(snapshots.find_or_none, cloud), ids) if found is not None]


def delete(cloud: Cloud, ids: Sequence[str]) -> list[Outcome]:
    """Ask for the deletion of these snapshots and tell each one's outcome.

    Raises:
        SignInRequired: the session ended; what was asked for before stays so, and asking again does no harm.
    """
    return each(partial(_delete, cloud), ids)


def _delete(cloud: Cloud, snapshot_id: str) -> Outcome:
    try:
        snapshots.delete(cloud, snapshot_id)
    except SignInRequired:
        raise
    except CloudError as error:
        return Outcome(snapshot_id, error=error)
    try:
        return Outcome(snapshot_id, snapshot=snapshots.find(cloud, snapshot_id))
    except NotFound:
        return Outcome(snapshot_id, gone=True)
    except CloudError:
        return Outcome(snapshot_id)
