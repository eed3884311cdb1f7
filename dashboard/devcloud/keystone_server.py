"""The Keystone process of the embedded cloud."""

import sys
import uuid

from keystone.cmd import bootstrap
from keystone.common import driver_hints, fernet_utils, provider_api
from keystone.common.sql import upgrades
from keystone.conf import CONF
from keystone.credential.providers import fernet as credential_keys
from keystone.server.flask import core

from dashboard.devcloud import schema, sqlite, web
from dashboard.devcloud.parameters import ADMIN, REGION, Parameters

INTERFACES = ("public", "internal", "admin")


def _prepare_keys() -> None:
    repositories = (
        (CONF.fernet_tokens.key_repository, CONF.fernet_tokens.max_active_keys, "fernet_tokens"),
        (CONF.fernet_receipts.key_repository, CONF.fernet_receipts.max_active_keys, "fernet_receipts"),
        (CONF.credential.key_repository, credential_keys.MAX_ACTIVE_KEYS, "credential"),
    )
    for path, max_keys, group in repositories:
        keys = fernet_utils.FernetUtils(path, max_keys, group)
        keys.create_key_directory()
        if not keys.load_keys():
            keys.initialize_key_repository()


def _bootstrap(parameters: Parameters) -> None:
    # The backends are loaded already; Keystone refuses to load them twice.
    bootstrap.backends.load_backends = lambda: None
    bootstrapper = bootstrap.Bootstrapper()
    bootstrapper.admin_username = ADMIN
    bootstrapper.admin_password = parameters.admin_password
    bootstrapper.project_name = ADMIN
    bootstrapper.admin_role_name = ADMIN
    bootstrapper.immutable_roles = True
    bootstrapper.region_id = REGION
    bootstrapper.bootstrap()
    # Nova's user has this role too: Cinder accepts a detach with such a token as Nova's own.
    provider_api.ProviderAPIs.assignment_api.add_role_to_user_and_project(
        bootstrapper.admin_user_id, bootstrapper.project_id, bootstrapper.service_role_id
    )


def _service_id(service_type: str, name: str) -> str:
    catalog = provider_api.ProviderAPIs.catalog_api
    hints = driver_hints.Hints()
    hints.add_filter("type", service_type)
    existing = catalog.list_services(hints)
    if existing:
        return str(existing[0]["id"])
    service = {"id": uuid.uuid4().hex, "type": service_type, "name": name, "enabled": True}
    catalog.create_service(service["id"], service)
    return str(service["id"])


def _publish(service_type: str, name: str, url: str) -> None:
    catalog = provider_api.ProviderAPIs.catalog_api
    service = _service_id(service_type, name)
    hints = driver_hints.Hints()
    hints.add_filter("service_id", service)
    existing = {endpoint["interface"]: endpoint for endpoint in catalog.list_endpoints(hints)}
    for interface in INTERFACES:
        endpoint = existing.get(interface)
        if endpoint is None:
            endpoint = {
                "id": uuid.uuid4().hex,
                "interface": interface,
                "url": url,
                "service_id": service,
                "region_id": REGION,
                "enabled": True,
            }
            catalog.create_endpoint(endpoint["id"], endpoint)
        elif endpoint["url"] != url:
            catalog.update_endpoint(endpoint["id"], {**endpoint, "url": url})


def main() -> None:
    """Create keys, database and catalog where missing, then serve; once it answers, Keystone is usable."""
    parameters = Parameters.from_command_line()
    sys.argv = ["keystone"]
    sqlite.make_concurrent()
    database = parameters.path / "keystone.sqlite"
    is_new = not database.with_suffix(".release").exists()

    def prepare() -> None:
        _prepare_keys()
        schema.prepare(database, "keystone", upgrades.offline_sync_database_to_version)

    application = core.initialize_application(
        name="public",
        post_log_configured_function=prepare,
        config_files=[str(parameters.path / "keystone.conf")],
    )
    bootstrapped = parameters.path / "keystone.bootstrapped"
    if is_new or not bootstrapped.exists():
        _bootstrap(parameters)
        bootstrapped.touch()
    _publish("identity", "keystone", parameters.keystone_url)
    _publish("volumev3", "cinderv3", f"{parameters.cinder_url}/v3/%(project_id)s")
    web.serve(application, parameters)


if __name__ == "__main__":
    main()
