"""Fixtures of the tests with several servers: a PostgreSQL and a Redis for all, with a new database for each test."""

from collections.abc import Iterator

import pytest

from tests.support.devcloud import Project
from tests.support.fault_proxy import FaultProxy
from tests.support.postgresql import PostgreSQL, postgresql
from tests.support.redis_server import Redis, redis_server


@pytest.fixture(scope="session")
def postgres_of_all() -> Iterator[PostgreSQL]:
    """The PostgreSQL of all these tests."""
    with postgresql() as running:
        yield running


@pytest.fixture
def postgres(postgres_of_all: PostgreSQL) -> Iterator[PostgreSQL]:
    """The PostgreSQL of all these tests, which runs again after the test."""
    yield postgres_of_all
    postgres_of_all.stop()
    postgres_of_all.start()


@pytest.fixture
def database_url(postgres_of_all: PostgreSQL) -> str:
    """The DATABASE_URL of an empty database."""
    return postgres_of_all.new_database()


@pytest.fixture
def shared(database_url: str, redis: Redis) -> dict[str, str]:
    """The settings of what all nodes share."""
    return {"DATABASE_URL": database_url, "REDIS_URL": redis.url}


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis of this test."""
    with redis_server() as running:
        yield running


@pytest.fixture
def front(project: Project) -> Iterator[FaultProxy]:
    """The cloud's own front, which lists what it was asked, and can be silent."""
    with FaultProxy(project.auth_url, str(project.session.get_endpoint(service_type="volumev3"))) as proxy:
        yield proxy
