"""The Cinder process of the embedded cloud: API, scheduler, volume and backup services in one process."""

from concurrent.futures import ThreadPoolExecutor

import os_brick
from cinder import coordination, objects, rpc, service, utils, version
from cinder.common import config
from cinder.db import migration
from cinder.privsep import sys_admin_pctxt
from os_brick import privileged
from oslo_config import cfg
from oslo_log import log
from oslo_service import wsgi

from dashboard.devcloud import schema, sqlite, web
from dashboard.devcloud.configuration import BACKEND, HOST
from dashboard.devcloud.parameters import Parameters

CONF = cfg.CONF
BACKUPS_AT_ONCE = 4


def _configure(parameters: Parameters) -> None:
    objects.register_all()
    CONF(
        [],
        project="cinder",
        version=version.version_string(),
        default_config_files=[str(parameters.path / "cinder.conf")],
    )
    log.setup(CONF, "cinder")
    config.set_middleware_defaults()
    os_brick.setup(CONF)
    # No operation needs root here, and sudo may be missing.
    for context in (sys_admin_pctxt, privileged.default):
        context.set_client_mode(False)


def _start_storage_services() -> None:
    CONF.register_opt(cfg.StrOpt("backend_host"), group=BACKEND)
    rpc.init(CONF)
    volume = service.Service.create(
        binary="cinder-volume", host=f"{HOST}@{BACKEND}", service_name=BACKEND, coordination=True
    )
    volume.start()
    backup = service.Service.create(
        binary="cinder-backup",
        host=HOST,
        service_name="backup",
        coordination=True,
        process_number=1,
        semaphore=utils.semaphore_factory(BACKUPS_AT_ONCE, 1),
    )
    backup.start()


def _start_scheduler() -> None:
    service.Service.create(binary="cinder-scheduler", host=HOST).start()


def main() -> None:
    """Start the services, then the API; once the API answers, Cinder is usable."""
    parameters = Parameters.from_command_line()
    sqlite.make_concurrent()
    _configure(parameters)
    schema.prepare(parameters.path / "cinder.sqlite", "cinder", migration.db_sync)
    coordination.COORDINATOR.start()
    _start_storage_services()
    with ThreadPoolExecutor(1) as pool:
        # The scheduler waits until the backend has reported its capacity; load the API meanwhile.
        scheduler = pool.submit(_start_scheduler)
        application = wsgi.Loader(CONF).load_app("osapi_volume")
        scheduler.result()
    web.serve(application, parameters)
