"""Several nodes with one PostgreSQL and one Redis: what they do at once, and what is left where."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from dashboard.accounts.session_store import SessionStore
from tests.browser.serving import DEFAULTS, ROOT
from tests.nodes.person import Person
from tests.nodes.site import Site, site
from tests.support.devcloud import Project
from tests.support.fault_proxy import FaultProxy
from tests.support.postgresql import PostgreSQL
from tests.support.redis_server import content_of

pytestmark = pytest.mark.full

LIMIT = 10
AT_ONCE = 30
DJANGO = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
import django
django.setup()
"""
CLEAN_UP = (
    DJANGO
    + """
from dashboard.accounts.clean_up import delete_expired
delete_expired()
"""
)
FILL = """
INSERT INTO django_session SELECT 'old' || n, '', now() - interval '1 day' FROM generate_series(1, 3000) n;
INSERT INTO django_session SELECT 'new' || n, '', now() + interval '1 day' FROM generate_series(1, 50) n;
INSERT INTO web_submission SELECT 'old' || n, 'u', NULL, now() - interval '30 days' FROM generate_series(1, 3000) n;
INSERT INTO web_submission SELECT 'new' || n, 'u', NULL, now() FROM generate_series(1, 50) n;
"""


def environment(directory: Path, **settings: str) -> dict[str, str]:
    return {**os.environ, **DEFAULTS, "OS_AUTH_URL": "http://127.0.0.1:1/v3", "VAR_DIR": str(directory), **settings}


def at_once(count: int, command: list[str], directory: Path, **settings: str) -> None:
    """Run a command in several processes, each with its own directory, as on several nodes."""
    running = [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(directory / str(number), **settings),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        for number in range(count)
    ]
    assert [(one.communicate()[1].decode(), one.returncode) for one in running] == [("", 0)] * count


def test_four_nodes_migrate_an_empty_database_at_once(
    tmp_path: Path, postgres_of_all: PostgreSQL, database_url: str
) -> None:
    at_once(4, ["manage.py", "migrate_safely"], tmp_path, DATABASE_URL=database_url)
    rows = postgres_of_all.execute("SELECT app, name FROM django_migrations", database_url)
    assert len(rows) == len(set(rows)) > 10
    assert postgres_of_all.execute("SELECT count(*) FROM cache", database_url) == [(0,)]
    assert postgres_of_all.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]


def test_a_cache_in_redis_can_be_given_up(tmp_path: Path, postgres_of_all: PostgreSQL, database_url: str) -> None:
    """The table of the cache isn't made with Redis, but must exist without."""
    migrate = ["manage.py", "migrate_safely"]
    at_once(1, migrate, tmp_path, DATABASE_URL=database_url, REDIS_URL="redis://127.0.0.1:1/0")
    at_once(1, migrate, tmp_path, DATABASE_URL=database_url)
    assert postgres_of_all.execute("SELECT count(*) FROM cache", database_url) == [(0,)]


def test_nodes_may_clean_up_at_once(tmp_path: Path, postgres_of_all: PostgreSQL, database_url: str) -> None:
    at_once(1, ["manage.py", "migrate_safely"], tmp_path, DATABASE_URL=database_url)
    for statement in FILL.strip().splitlines():
        postgres_of_all.execute(statement, database_url)
    # Without Redis, none knows of the others.
    subprocess_of = ["-W", "error", "-c", CLEAN_UP.replace("import os", "import os, logging; logging.disable()", 1)]
    at_once(4, subprocess_of, tmp_path, DATABASE_URL=database_url, REDIS_URL="redis://127.0.0.1:1/0")
    for table in ("django_session", "web_submission"):
        assert postgres_of_all.execute(f"SELECT count(*) FROM {table}", database_url) == [(50,)], table


def people_of(here: Site, project: Project, count: int) -> list[Person]:
    return [Person(here.url, here.certificate, project) for _ in range(count)]


def test_parallel_guesses_at_two_nodes_are_counted_exactly(
    tmp_path: Path, project: Project, front: FaultProxy, shared: dict[str, str]
) -> None:
    wanted = {**shared, "SIGN_IN_FAILURES_BY_NAME": str(LIMIT)}
    with site(tmp_path, OS_AUTH_URL=front.auth_url, **wanted) as here:
        people = people_of(here, project, AT_ONCE)
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            list(crowd.map(lambda person: person.ask("/sign-in/"), people))
            answers = list(crowd.map(lambda person: person.sign_in("wrong"), people))
        assert Counter(one.status for one in answers) == {401: LIMIT, 429: AT_ONCE - LIMIT}
        assert len(front.keystone.asked("POST", "/auth/tokens$")) == LIMIT
        asked = [set(one.nodes) for one in here.answered() if one.method == "POST"]
        assert set.union(*asked) == {node.port for node in here.nodes}


def test_redis_holds_nothing_secret(
    tmp_path: Path, project: Project, postgres_of_all: PostgreSQL, shared: dict[str, str], settings: Settings
) -> None:
    disk = project.create_disk("secret-disk")
    wanted = {**shared, "OS_AUTH_URL": project.auth_url, "SIGN_IN_FAILURES_BY_NAME": "1"}
    with site(tmp_path, **wanted) as here:
        [person, guesser] = people_of(here, project, 2)
        assert person.sign_in().status == 200
        assert person.ask(f"{person.home}/disks/").status == 200
        assert person.create_snapshot(disk.id, "secret-snapshot").status == 204
        assert [guesser.sign_in("wrong-secret").status for _ in range(2)] == [401, 429]
        cookies = [cookie.value for cookie in person.browser.cookies if cookie.value and "session" in cookie.name]
        content = content_of(shared["REDIS_URL"])
    assert {key.decode().rpartition(":")[2] for key in content if b"tidied" in key} == {"tidied-up"}
    assert any(b"throttled" in key for key in content)
    everything = repr(content)
    [[stored]] = postgres_of_all.execute("SELECT session_data FROM django_session", shared["DATABASE_URL"])
    settings.SECRET_KEY = here.secret_key
    in_session = SessionStore().decode(str(stored))
    assert in_session["signed_in"]["login"]["user_name"] == project.username
    secret = {*texts(in_session), *cookies, "wrong-secret", "secret-", "127.0.0.1", project.password}
    assert len(secret) > 10
    assert [one for one in secret if one in everything] == []
    assert project.username not in str(stored)


def texts(value: object) -> set[str]:
    """Return all texts in a value that are long enough to mean something."""
    if isinstance(value, dict):
        return set().union(*map(texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(texts, value))
    return {value} if isinstance(value, str) and len(value) > 6 else set()
