"""Home page, project switcher, toasts and probes."""

from django.contrib import messages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.accounts import preferences
from dashboard.accounts.session import SignedIn
from dashboard.cloud import deadline, keystone
from dashboard.cloud.errors import CloudError, SignInRequired

# What a probe may wait for Keystone: orchestrators give a probe one second.
PROBE_SECONDS = 0.7


@require_safe
def home(request: HttpRequest, rest: str = "disks/") -> HttpResponse:
    """Redirect to the page `rest` of the last used project."""
    signed_in = SignedIn.of(request.session)
    if signed_in is None:
        raise SignInRequired
    last = preferences.last_project(signed_in.login)
    if last is None:
        return render(request, "no_project.html", {"user_name": signed_in.login.user_name}, status=403)
    slug = signed_in.cloud_near(request.session, last).slug
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return redirect(f"{reverse('disks', kwargs={'project': slug}).removesuffix('disks/')}{rest}{query}")


@require_http_methods(["GET", "HEAD", "POST"])
def switch_project(request: HttpRequest) -> HttpResponse:
    """Remember the project chosen in the header and redirect to its disks.

    Sign-in continues here with GET if the session had expired; that redirects to the last used project.
    """
    if request.method != "POST":
        return redirect("home")
    signed_in = SignedIn.of(request.session)
    if signed_in is None:
        raise SignInRequired
    cloud = signed_in.cloud_near(request.session, request.POST.get("project", ""))
    preferences.remember_project(signed_in.login, cloud.slug)
    return redirect("disks", project=cloud.slug)


@require_safe
def toasts(request: HttpRequest) -> HttpResponse:
    """Return the pending messages for the page's status region."""
    return render(request, "toasts.html", {"fresh": messages.get_messages(request)})


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
    trouble = _database_trouble()
    lines = [f"database: {trouble or 'ok'}", f"keystone: {_keystone_trouble() or 'ok'}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain", status=503 if trouble else 200)


# The paths of the probes below the prefix, see `dashboard.middleware.probes`
PROBES = {"/healthz": healthz, "/readyz": readyz}


def _database_trouble() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unavailable"
    return "not migrated" if plan else ""


def _keystone_trouble() -> str:
    with deadline.at_most(PROBE_SECONDS):
        try:
            keystone.check()
        except CloudError as error:
            waited = deadline.seconds_left() < PROBE_SECONDS / 4
            return f"no answer within {PROBE_SECONDS} seconds" if waited else str(error.reason or error.message)
    return ""
