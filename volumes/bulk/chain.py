"""Bulk work as a chain of small requests: each handles one chunk, and its response carries the remaining ids.

The server keeps no queue: leaving the page stops the chain, and repeating a chunk is harmless. A chunk ends after a few
seconds or a number of records, so that the page shows progress and no worker is occupied for long. It is as long as
that allows, because the cloud has nothing to do between two chunks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from django.shortcuts import render
from django.views.generic import View

from dashboard.cloud.deadline import seconds_left
from dashboard.cloud.errors import CloudError, NotPossible, OutcomeUnknown
from dashboard.web.dialog_responses import close, dialog
from dashboard.web.partials import wants_partial
from volumes.lists.rows import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.web.requests import CloudRequest


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Shown]):
    """The result for one record: `words` that describe it, or the `error`.

    After a deletion, `gone` is true if the record no longer exists; otherwise `shown` is the record while it is being
    deleted, or None if the cloud accepted the deletion but the record could not be read afterwards. `postponed` means
    that nothing was done yet, because the cloud has to finish something before.
    """

    id: str
    title: str = ""
    words: str = ""
    error: CloudError | None = None
    gone: bool = False
    shown: Shown | None = None
    postponed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a whole chain so far, including the current chunk.

    `unknown` counts the records whose outcome is unknown: they are neither done nor failed.
    """

    done: int
    failed: int
    unknown: int
    total: int


# A chunk begins no change after this time, or after this part of the request's time: a change that has begun needs the
# rest, as its answer may be slow, or lost.
MAX_SECONDS = 3.0
PART_OF_REQUEST = 1 / 4
# The number of requests in a row that may do nothing but wait for the cloud
MAX_WAITS = 100
COUNTS = ("done", "failed", "unknown")


def not_possible(record_id: str, title: str, reason: object) -> Outcome[Any]:
    """Return the outcome of a record that the preview left out."""
    return Outcome(record_id, title, error=NotPossible(str(reason)))


class ChainRun(View):
    """The view for one request of a chain.

    A subclass sets `max_count`, the limit for the whole chain, and `chunk`, the limit for one request. It defines what
    happens to each record, the fields of the next request, and the final messages.
    """

    http_method_names = ["post"]  # noqa: RUF012  # Django's own name
    max_count: ClassVar[int]
    partial_template: ClassVar[str] = "bulk/_outcome.html"
    request: CloudRequest

    @property
    def chunk(self) -> int:
        """The largest number of records per request."""
        raise NotImplementedError

    @property
    def title(self) -> _StrPromise | str:
        """The title of the dialog."""
        raise NotImplementedError

    @property
    def stopped_event(self) -> str:
        """The client event that is triggered when the user stops the chain."""
        raise NotImplementedError

    @property
    def back(self) -> str:
        """The URL of the list."""
        raise NotImplementedError

    def run(self, ids: Sequence[str]) -> list[Outcome[Any]]:
        """Handle one chunk: begin changes for `seconds`, and return the outcome of each; the others follow later."""
        raise NotImplementedError

    def carried(self, rest: Sequence[str]) -> list[tuple[str, str]]:
        """Return the names and values of the next request's fields, except the counts."""
        raise NotImplementedError

    def finish(self, response: HttpResponse, progress: Progress) -> tuple[str, ...]:
        """Add messages about the finished chain and return the client events to trigger."""
        raise NotImplementedError

    def leave(self, progress: Progress) -> HttpResponse | None:  # noqa: ARG002  # for subclasses
        """Return the response to a finished chain after which its page no longer exists; None if it does."""
        return None

    def left_out(self) -> list[Outcome[Any]]:
        """Return an outcome for each selected record that the preview left out, with the reason.

        Raises:
            CloudError: the records could not be read.
        """
        return []

    def more_context(self, outcomes: Sequence[Outcome[Any]]) -> dict[str, Any]:  # noqa: ARG002  # for subclasses
        """Return additional context for the response's template."""
        return {}

    def go(self, ids: Sequence[str]) -> HttpResponse:
        """Handle the first chunk of `ids` and respond with its outcomes and the remaining ids."""
        outcomes = [outcome for outcome in self.run(ids[: self.chunk]) if not outcome.postponed]
        handled_ids = {outcome.id for outcome in outcomes}
        rest = [record_id for record_id in ids if record_id not in handled_ids]
        waits = 0 if outcomes else self._count("waits") + 1
        if not rest:
            outcomes = [*outcomes, *self._left_out()]
        progress = self.progress(len(rest), outcomes)
        left = None if rest else self.leave(progress)
        if left:
            return left
        context = {
            "title": self.title,
            "outcomes": outcomes,
            "failures": [outcome for outcome in outcomes if outcome.error],
            "rest": rest,
            "carried": [*self.carried(rest), *((name, getattr(progress, name)) for name in COUNTS), ("waits", waits)],
            "waits": waits,
            "progress": progress,
            "stopped_event": self.stopped_event,
            "back": self.back,
            **self.more_context(outcomes),
        }
        if not wants_partial(self.request):
            return dialog(self.request, "bulk/outcome.html", context)
        response = render(self.request, self.partial_template, context)
        if not rest:
            close(response, self.finish(response, progress))
        return response

    @property
    def seconds(self) -> float:
        """The time from now in which changes of this chunk may begin."""
        return min(MAX_SECONDS, seconds_left() * PART_OF_REQUEST)

    @property
    def may_wait(self) -> bool:
        """Whether records can be postponed once more."""
        return self._count("waits") < MAX_WAITS

    def _left_out(self) -> list[Outcome[Any]]:
        try:
            return self.left_out()
        except CloudError:
            # The outcomes of what was done matter more.
            return []

    def progress(self, rest: int, outcomes: Sequence[Outcome[Any]]) -> Progress:
        """Add this chunk's counts to those of the earlier requests; `rest` is the number of remaining records."""
        unknown = sum(isinstance(outcome.error, OutcomeUnknown) for outcome in outcomes)
        failed = sum(outcome.error is not None for outcome in outcomes) - unknown
        before = {name: self._count(name) for name in COUNTS}
        return Progress(
            done=before["done"] + len(outcomes) - failed - unknown,
            failed=before["failed"] + failed,
            unknown=before["unknown"] + unknown,
            total=sum(before.values()) + len(outcomes) + rest,
        )

    def _count(self, name: str) -> int:
        digits = self.request.POST.get(name, "")
        return min(int(digits), self.max_count) if digits.isdecimal() and len(digits) <= len(str(self.max_count)) else 0
