"""Deleting many snapshots or backups: what will happen to each, and what did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Generic

from dashboard.errors import CloudError, NotFound, SignInRequired
from volumes.parallel import each
from volumes.rows import Kind, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.keystone import Cloud


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Shown]):
    """What came of deleting one of them.

    `error` tells why it could not be deleted. Otherwise it is `gone`, or on its way as `shown`; None where the deletion
    was accepted, but the cloud didn't show it afterwards.
    """

    id: str
    error: CloudError | None = None
    gone: bool = False
    shown: Shown | None = None


def delete(cloud: Cloud, kind: Kind[Shown], ids: Sequence[str]) -> list[Outcome[Shown]]:
    """Ask for the deletion of these and tell each one's outcome.

    Raises:
        SignInRequired: the session ended; what was asked for before stays so, and asking again does no harm.
    """
    return each(partial(_delete, cloud, kind), ids)


def _delete(cloud: Cloud, kind: Kind[Shown], one: str) -> Outcome[Shown]:
    try:
        kind.door.delete(cloud, one)
    except SignInRequired:
        raise
    except CloudError as error:
        return Outcome(one, error=error)
    try:
        # What has failed already is told as what fails later: by the poll (volumes/views/live.py), with the reason.
        return Outcome(one, shown=replace(kind.door.find(cloud, one), status_code="deleting"))
    except NotFound:
        return Outcome(one, gone=True)
    except CloudError:
        return Outcome(one)
