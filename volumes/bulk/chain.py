"""Work on many things at once, as a chain of small requests: each does a chunk, and its answer carries the rest.

Nothing is queued: stopping the page stops the chain, and doing a chunk again does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic

from django.shortcuts import render
from django.views.generic import View

from dashboard.web.dialogs import close, dialog
from dashboard.web.partials import wants_partial
from volumes.lists.rows import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from dashboard.cloud.errors import CloudError
    from dashboard.web.requests import CloudRequest


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Shown]):
    """What came of one of them: `words`, or `error` where it failed.

    A deleted one is `gone`, or on its way as `shown`; None where the cloud accepted the deletion, but didn't show it
    afterwards.
    """

    id: str
    title: str = ""
    words: str = ""
    error: CloudError | None = None
    gone: bool = False
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a chain has come, this chunk included."""

    done: int
    failed: int
    total: int


class ChainRun(View):
    """One request of a chain.

    A subclass sets how many go at once and in all, and defines what is done to each, what the next request carries,
    and what the person is told in the end.
    """

    http_method_names = ["post"]  # noqa: RUF012  # Django's own name
    chunk: ClassVar[int]
    most: ClassVar[int]
    partial_template: ClassVar[str] = "bulk/_outcome.html"
    request: CloudRequest

    @property
    def title(self) -> _StrPromise | str:
        """The name of the dialog."""
        raise NotImplementedError

    @property
    def stopped_event(self) -> str:
        """What the page hears when the person stops the chain."""
        raise NotImplementedError

    @property
    def back(self) -> str:
        """The address of the list."""
        raise NotImplementedError

    def run(self, ids: Sequence[str]) -> list[Outcome[Any]]:
        """Do it to these, and return what came of each."""
        raise NotImplementedError

    def carried(self, rest: Sequence[str]) -> list[tuple[str, str]]:
        """Return the fields of the next request, but for the counts."""
        raise NotImplementedError

    def finish(self, response: HttpResponse, progress: Progress) -> tuple[str, ...]:
        """Tell the person what came of all; return what the page hears."""
        raise NotImplementedError

    def more_context(self, ids: Sequence[str], outcomes: Sequence[Outcome[Any]]) -> dict[str, Any]:  # noqa: ARG002  # for subclasses
        """Return what else the answer's template needs."""
        return {}

    def go(self, ids: Sequence[str]) -> HttpResponse:
        """Do the first chunk of these; answer with its outcomes and the rest."""
        outcomes = self.run(ids[: self.chunk])
        rest = ids[self.chunk :]
        progress = self.progress(ids, outcomes)
        context = {
            "title": self.title,
            "outcomes": outcomes,
            "failures": [outcome for outcome in outcomes if outcome.error],
            "rest": rest,
            "carried": [*self.carried(rest), ("done", progress.done), ("failed", progress.failed)],
            "progress": progress,
            "stopped_event": self.stopped_event,
            "back": self.back,
            **self.more_context(ids, outcomes),
        }
        if not wants_partial(self.request):
            return dialog(self.request, "bulk/outcome.html", context)
        response = render(self.request, self.partial_template, context)
        if not rest:
            close(response, self.finish(response, progress))
        return response

    def progress(self, ids: Sequence[str], outcomes: Sequence[Outcome[Any]]) -> Progress:
        """Add this chunk to what the requests before it have done."""
        failed = sum(outcome.error is not None for outcome in outcomes)
        done_before, failed_before = self._count("done"), self._count("failed")
        return Progress(
            done=done_before + len(outcomes) - failed,
            failed=failed_before + failed,
            total=done_before + failed_before + len(ids),
        )

    def _count(self, name: str) -> int:
        digits = self.request.POST.get(name, "")
        return min(int(digits), self.most) if digits.isdecimal() and len(digits) <= len(str(self.most)) else 0
