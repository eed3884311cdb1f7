"""The configuration files of the embedded Keystone and Cinder."""

import sys
from pathlib import Path

from dashboard.devcloud.parameters import ADMIN, REGION

BACKEND = "disks"
HOST = "devcloud"
# Services that share a process delay each other's heartbeats. Ten years, so that none counts as down.
SERVICE_DOWN_SECONDS = 10 * 365 * 24 * 3600

KEYSTONE = """\
[DEFAULT]
use_stderr = true
default_log_levels = waitress=ERROR,keystone=WARNING,oslo_policy=ERROR,sqlalchemy=WARNING,alembic=WARNING
[database]
connection = {database}
[cache]
backend = dogpile.cache.memory
[token]
provider = fernet
[auth]
methods = password,token,application_credential,totp
[identity]
password_hash_rounds = 4
[fernet_tokens]
key_repository = {directory}/keys/tokens
[fernet_receipts]
key_repository = {directory}/keys/receipts
[credential]
key_repository = {directory}/keys/credentials
"""

CINDER = """\
[DEFAULT]
use_stderr = true
host = {host}
state_path = {directory}
transport_url = fake://
auth_strategy = keystone
api_paste_config = {etc}/api-paste.ini
resource_query_filters_file = {etc}/resource_filters.json
enabled_backends = {backend}
osapi_max_limit = 1000
osapi_volume_workers = 1
service_down_time = {down}
periodic_fuzzy_delay = 0
quota_volumes = 5000
quota_snapshots = 10000
quota_backups = 2000
quota_gigabytes = 200000
quota_backup_gigabytes = 200000
backup_driver = cinder.backup.drivers.posix.PosixBackupDriver
backup_posix_path = {directory}/backups
backup_use_same_host = true
backup_compression_algorithm = zstd
# Small chunks, as each is compressed in memory
backup_file_size = 67108864
backup_sha_block_size_bytes = 1048576
default_log_levels = waitress=ERROR,cinder=WARNING,sqlalchemy=WARNING,keystonemiddleware=ERROR,oslo_policy=ERROR
[{backend}]
volume_driver = dashboard.devcloud.driver.SparseFileDriver
volume_backend_name = {backend}
[database]
connection = {database}
[oslo_concurrency]
lock_path = {directory}/locks
[coordination]
backend_url = file://{directory}/coordination
[keystone_authtoken]
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
username = {admin}
password = {password}
project_name = {admin}
user_domain_name = Default
project_domain_name = Default
region_name = {region}
service_token_roles_required = true
"""


def _database_url(path: Path) -> str:
    # Seconds that a writer waits for another one
    return f"sqlite:///{path}?timeout=60"


def write(directory: Path, *, keystone_url: str, password: str) -> None:
    """Write both servers' configuration files, readable by the owner only: they contain the password."""
    state_path = str(directory)
    keystone = KEYSTONE.format(directory=state_path, database=_database_url(directory / "keystone.sqlite"))
    cinder = CINDER.format(
        directory=state_path,
        database=_database_url(directory / "cinder.sqlite"),
        etc=f"{sys.prefix}/etc/cinder",
        keystone=keystone_url,
        password=password,
        admin=ADMIN,
        region=REGION,
        host=HOST,
        backend=BACKEND,
        down=SERVICE_DOWN_SECONDS,
    )
    for name, text in (("keystone.conf", keystone), ("cinder.conf", cinder)):
        path = directory / name
        path.touch(mode=0o600)
        path.write_text(text)
