"""The configuration of the web server: ``gunicorn --config python:dashboard.gunicorn_config dashboard.wsgi``."""

import logging
import os
import shutil
import sys
from typing import Any

from django.conf import settings

from dashboard.logs import JsonFormatter
from dashboard.metrics_directory import make_directory

# Gunicorn reads this file before the application sets it.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

SHARED_MEMORY = "/dev/shm"  # noqa: S108  # gunicorn creates its files there safely

address = f"unix:{settings.UNIX_SOCKET}" if settings.UNIX_SOCKET else f"{settings.HOST_IN_URL}:{settings.PORT}"
bind = [address, str(settings.METRICS_ADDRESS)] if settings.METRICS_ADDRESS else address
workers = settings.WORKERS
threads = settings.THREADS
# The usual worker with threads, with a time limit for the head of a request
worker_class = "dashboard.gunicorn_worker.Worker"
graceful_timeout = settings.GRACEFUL_SECONDS
# A page of a hundred rows requests their details with a URL that exceeds the default limit of 4,094 bytes.
limit_request_line = 8190
# Gunicorn would take the headers SCRIPT_NAME and PATH_INFO from a proxy on this machine, which may pass on a client's.
forwarder_headers = ""
# Workers show that they live by touching a file; memory answers at once, and is writable in a read-only container.
worker_tmp_dir = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
# Its messages about starts and ends of workers, and reloads, are for a collector of logs: a person reads when_ready's.
loglevel = "info" if settings.LOG_FORMAT == "json" and settings.LOG_LEVEL in {"DEBUG", "INFO"} else "warning"
logger_class = "dashboard.gunicorn_log.Logger"
accesslog = "-" if settings.ACCESS_LOG else None
# With LOG_FORMAT=text: the client's address (see dashboard/gunicorn_log.py), time, method, path without query string,
# status, bytes, seconds, request ID
access_log_format = '%({diskboard.client}e)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(L)s %({x-request-id}o)s'
control_socket_disable = True
# Where prometheus-client looks for the directory of the workers' counts, see dashboard/metrics.py
COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(_server: Any) -> None:
    """Make the directory of the workers' counts. Gunicorn calls this once, and not when it reloads."""
    if settings.METRICS_ADDRESS:
        os.environ[COUNTS] = str(make_directory(settings.VAR_DIR))


def on_exit(_server: Any) -> None:
    """Remove the directory of the workers' counts. Gunicorn calls this when all workers have ended."""
    if settings.METRICS_ADDRESS:
        shutil.rmtree(os.environ[COUNTS], ignore_errors=True)


def when_ready(server: Any) -> None:
    """Say where Diskboard is. Gunicorn calls this when it listens."""
    if any(str(address).startswith("fd://") for address in server.cfg.settings["bind"].get()):
        # The command that opened the socket says so itself.
        return
    local = address if settings.UNIX_SOCKET else f"http://{address}{settings.COOKIE_PATH}"
    line = f"Diskboard is at {settings.PUBLIC_URL.url or local}"
    if settings.LOG_FORMAT == "json":
        line = JsonFormatter().format(logging.LogRecord("dashboard", logging.INFO, "", 0, line, (), None))
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def post_worker_init(worker: Any) -> None:
    """Log the warnings about settings, once. Gunicorn calls this in each worker, the first of which has the age 1."""
    # Imported here, as it needs the application, which only workers load.
    from dashboard import checks  # noqa: PLC0415  needs the settings

    if worker.age == 1:
        checks.log_warnings()
