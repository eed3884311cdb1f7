"""What users and load balancers see while PostgreSQL or Redis is gone, and that Diskboard goes on by itself."""

import time
from pathlib import Path

import pytest

from tests.nodes.node import Node
from tests.nodes.person import Person
from tests.nodes.site import site
from tests.support.devcloud import Project, wait_until
from tests.support.html import Page
from tests.support.local_servers import free_port
from tests.support.postgresql import PostgreSQL
from tests.support.redis_server import Redis, content_of

pytestmark = pytest.mark.full

PROBE_SECONDS = 1.0
NOTHING_CHANGED = "Nothing was changed. Try again in a moment."


def probed(node: Node) -> tuple[int, list[str]]:
    """What the readiness probe answers within the time of an orchestrator's probe."""
    begun = time.monotonic()
    answer = node.probe()
    assert time.monotonic() - begun < PROBE_SECONDS
    return answer.status_code, answer.text.splitlines()


def test_the_probe_says_what_is_missing(tmp_path: Path, postgres: PostgreSQL) -> None:
    url = postgres.new_database()
    nowhere = f"http://127.0.0.1:{free_port()}/v3"
    node = Node.prepared(tmp_path / "node", free_port(), DATABASE_URL=url, OS_AUTH_URL=nowhere, SECRET_KEY="k" * 50)
    try:
        node.start()
        # Without Keystone it is ready: it says to users what is wrong.
        status, [database, keystone] = probed(node)
        assert (status, database) == (200, "database: ok")
        assert keystone == "keystone: Its address doesn't accept connections."

        newest = "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)"
        postgres.execute(newest.replace("DELETE", "CREATE TABLE gone AS SELECT *", 1), url)
        postgres.execute(newest, url)
        assert probed(node)[0] == 503
        assert probed(node)[1][0] == "database: not migrated"
        postgres.execute("INSERT INTO django_migrations OVERRIDING SYSTEM VALUE SELECT * FROM gone", url)
        assert probed(node)[0] == 200

        postgres.stop()
        for _ in range(5):
            status, [database, _keystone] = probed(node)
            assert (status, database) == (503, "database: unavailable")
        postgres.start()
        for _ in range(5):
            assert probed(node)[0] == 200
    finally:
        node.server.stop()


def test_pages_say_that_the_database_is_gone_and_go_on_when_it_is_back(
    tmp_path: Path, project: Project, postgres: PostgreSQL, redis: Redis
) -> None:
    disk = project.create_disk("data")
    settings = {"DATABASE_URL": postgres.new_database(), "REDIS_URL": redis.url, "OS_AUTH_URL": project.auth_url}
    with site(tmp_path, **settings) as here:
        person = Person(here.url, here.certificate, project)
        stranger = Person(here.url, here.certificate, project)
        assert person.sign_in().status == 200
        disks = f"{person.home}/disks/"
        # Every thread of both nodes is likely to have a connection.
        assert {person.ask(disks).status for _ in range(20)} == {200}

        dialog = person.open_creation(disk.id, "lost")

        postgres.stop()
        for _ in range(4):
            answer = person.ask(disks)
            page = Page(answer.text)
            assert answer.status == 503
            assert page.has("heading", "Diskboard's database does not answer")
            assert NOTHING_CHANGED in page.text
        toast = person.send(dialog)
        assert toast.status == 503
        assert NOTHING_CHANGED in toast.text
        assert "<html" not in toast.text
        assert stranger.ask("/sign-in/").status == 200
        assert stranger.sign_in().status == 503
        for node in here.nodes:
            assert "Traceback" not in node.log
            assert "ERROR dashboard.error_pages" in node.log
            assert "Connection refused" in node.log

        postgres.start()
        assert [person.ask(disks).status for _ in range(20)] == [200] * 20
        assert person.create_snapshot(disk.id, "made").status == 204
        assert stranger.sign_in().status == 200
        assert [one.name for one in project.volume_client().volume_snapshots.list()] == ["made"]


def test_a_restart_of_the_database_between_two_requests_is_no_outage(
    tmp_path: Path, project: Project, postgres: PostgreSQL
) -> None:
    """The threads' connections are cut then, and made anew."""
    settings = {"DATABASE_URL": postgres.new_database(), "OS_AUTH_URL": project.auth_url}
    with site(tmp_path, **settings) as here:
        person = Person(here.url, here.certificate, project)
        assert person.sign_in().status == 200
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        )
        assert [person.ask(f"{person.home}/disks/").status for _ in range(20)] == [200] * 20
        assert all("Traceback" not in node.log for node in here.nodes)


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_without_redis_people_can_sign_in(
    tmp_path: Path, project: Project, database_url: str, redis: Redis, how: str
) -> None:
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis.url, "OS_AUTH_URL": project.auth_url}
    with site(tmp_path, **settings) as here:
        if how == "stopped":
            redis.stop()
        else:
            redis.server.freeze()
        begun = time.monotonic()
        person = Person(here.url, here.certificate, project)
        assert person.sign_in().status == 200
        assert time.monotonic() - begun < 10
        assert person.ask(f"{person.home}/disks/").status == 200
        logs = "".join(node.log for node in here.nodes)
        assert "WARNING dashboard.redis_cache" in logs
        assert "Traceback" not in logs
        if how == "stopped":
            redis.start()
            assert person.sign_in().status == 200
            wait_until(lambda: bool(content_of(redis.url)), "the mark is in Redis again")
