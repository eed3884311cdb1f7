"""The probes of orchestrators and load balancers: whether the process is up, and whether it may get requests."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.cloud import deadline, keystone
from dashboard.cloud.errors import CloudError

# What a probe may wait for Keystone: orchestrators give a probe one second.
PROBE_SECONDS = 0.7


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process is up (liveness probe)."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database is there and migrated, else 503 (readiness probe).

    The second line reports Keystone. It doesn't decide: without Keystone, Diskboard still tells its users why.
    """
    trouble = database_trouble()
    lines = [f"database: {trouble or 'ok'}", f"keystone: {_keystone_trouble() or 'ok'}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain", status=503 if trouble else 200)


# Their paths below the prefix, see `dashboard.middleware.probes`
PROBES = {"/healthz": healthz, "/readyz": readyz}


def database_trouble(*, in_detail: bool = False) -> str:
    """Return what is wrong with the database, or an empty string; `in_detail` with its own reason, for operators."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        # PostgreSQL's reason has several lines, and never the password.
        return "unavailable" + (f": {' '.join(str(error).split())}" if in_detail else "")
    return "not migrated" if plan else ""


def _keystone_trouble() -> str:
    with deadline.at_most(PROBE_SECONDS):
        try:
            keystone.check()
        except CloudError as error:
            waited = deadline.seconds_left() < PROBE_SECONDS / 4
            return f"no answer within {PROBE_SECONDS} seconds" if waited else str(error.reason or error.message)
    return ""
