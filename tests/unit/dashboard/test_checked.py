"""Settings whose values only look right stop the start, with the variable and, unless it is secret, the value."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard import checked
from dashboard.postgresql import postgresql


@pytest.mark.parametrize(
    "value",
    ["", "http://127.0.0.1:5000", "https://keystone.example.org:5000/v3/", "https://x/identity", "http://[::1]/"],
)
def test_it_takes_the_urls_of_keystone(value: str) -> None:
    assert checked.auth_url("OS_AUTH_URL", value) == value


@pytest.mark.parametrize(
    "value",
    [
        "keystone.example.org:5000",
        "ftp://x",
        "https://",
        "http://x:port",
        "http://x:99999",
        "https://x/v2.0",
        "https://x/v2/",
        "https://x/v3?a=b",
        "//x/v3",
    ],
)
def test_it_refuses_what_is_no_url_of_keystone(value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        checked.auth_url("OS_AUTH_URL", value)
    assert str(refused.value).startswith(f"OS_AUTH_URL={value}: expected Keystone's URL, such as https://")


def test_it_says_which_words_there_are() -> None:
    assert checked.choice("LOG_FORMAT", "json", ("text", "json")) == "json"
    with pytest.raises(ImproperlyConfigured, match=r"^LOG_FORMAT=xml: expected one of text, json$"):
        checked.choice("LOG_FORMAT", "xml", ("text", "json"))


@pytest.mark.parametrize(("value", "bare"), [("", ""), ("/", ""), ("/diskboard/", "diskboard"), ("a/b", "a/b")])
def test_a_prefix_may_have_slashes_around_it(value: str, bare: str) -> None:
    assert checked.prefix("URL_PREFIX", value) == bare


@pytest.mark.parametrize("value", ["p", "/static/x", "a b", "a//b", "a%20b", "ü", "a?b"])
def test_a_prefix_is_a_path_that_is_not_ours(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^URL_PREFIX="):
        checked.prefix("URL_PREFIX", value)


@pytest.mark.parametrize("value", ["x", "a" * 31])
def test_a_short_secret_is_refused_and_not_shown(value: str) -> None:
    assert checked.secret("SECRET_KEY", "a" * 32) == "a" * 32
    with pytest.raises(ImproperlyConfigured) as refused:
        checked.secret("SECRET_KEY", value)
    assert str(refused.value) == "SECRET_KEY: expected at least 32 characters"


def test_origins_have_a_scheme_and_no_path() -> None:
    assert checked.origins("CSRF_TRUSTED_ORIGINS", ["https://*.example.org", "http://x:8080"])
    for wrong in ("disks.example.org", "https://x/y", "https://", "ftp://x"):
        with pytest.raises(ImproperlyConfigured, match="CSRF_TRUSTED_ORIGINS="):
            checked.origins("CSRF_TRUSTED_ORIGINS", ["https://x", wrong])


def test_it_takes_a_database_of_postgresql_only_and_shows_no_password() -> None:
    found = postgresql("DATABASE_URL", "postgresql://ann:p%40ss@db.example.org:5433/disks?sslmode=require")
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.postgresql", "disks")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("ann", "p@ss", "db.example.org", 5433)
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["connect_timeout"] == 3
    own = postgresql("DATABASE_URL", "postgresql://ann@db.example.org/disks?connect_timeout=7")
    assert str(own["OPTIONS"]["connect_timeout"]) == "7"
    assert found["CONN_HEALTH_CHECKS"] is True
    for wrong in ("mysql://a:secret@c/d", "postgresql://a:secret@c", "secret", "postgresql://a:secret@c:port/d"):
        with pytest.raises(ImproperlyConfigured) as refused:
            postgresql("DATABASE_URL", wrong)
        assert str(refused.value) == "DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/NAME"


@pytest.mark.parametrize(
    "value",
    ["localhost:6379", "http://x", "redis://", "secret", "redis://x:abc", "redis://x:0", "redis://x/y", "unix://"],
)
def test_it_takes_the_url_of_redis_only(value: str) -> None:
    assert checked.redis_url("REDIS_URL", "redis://:secret@x:6379/0") == "redis://:secret@x:6379/0"
    with pytest.raises(ImproperlyConfigured) as refused:
        checked.redis_url("REDIS_URL", value)
    assert str(refused.value) == "REDIS_URL: expected a URL such as redis://HOST:6379/0"


@pytest.mark.parametrize(
    ("value", "host", "port"),
    [("127.0.0.1:9100", "127.0.0.1", 9100), ("[::1]:1", "[::1]", 1), ("metrics:80", "metrics", 80)],
)
def test_it_takes_an_address_to_listen_on(value: str, host: str, port: int) -> None:
    assert checked.address("METRICS_ADDRESS", value, 8000) == (host, port)


def test_an_address_may_be_left_out() -> None:
    assert checked.address("METRICS_ADDRESS", "", 8000) is None


@pytest.mark.parametrize(
    "value", ["9100", ":9100", "::1:9100", "a:0", "a:65536", "a:b", "a:", "a:²", "http://a:1", "a:8000"]
)
def test_it_refuses_what_is_no_address_or_that_of_the_pages(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^METRICS_ADDRESS="):
        checked.address("METRICS_ADDRESS", value, 8000)


def test_it_takes_log_files_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "old.log").touch()
    for value in ("", "/dev/null", str(tmp_path / "new.log"), str(tmp_path / "old.log")):
        assert checked.log_file("AUDIT_LOG", value) == value
    assert not (tmp_path / "new.log").exists()


@pytest.mark.parametrize("name", ["", "nowhere/audit.log", "old.log/audit.log"])
def test_it_refuses_log_files_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "old.log").touch()
    with pytest.raises(ImproperlyConfigured, match=f"^AUDIT_LOG={tmp_path / name}: expected a file"):
        checked.log_file("AUDIT_LOG", str(tmp_path / name))


def test_it_refuses_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    assert checked.writable_directory("VAR_DIR", tmp_path) == tmp_path
    # The tests may run as root, to whom every existing directory is writable.
    with pytest.raises(ImproperlyConfigured, match=f"^VAR_DIR={tmp_path / 'x'}: expected a directory that .* write"):
        checked.writable_directory("VAR_DIR", tmp_path / "x")


def test_keystones_url_has_no_password_and_the_message_shows_none() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        checked.auth_url("OS_AUTH_URL", "http://ann:hidden@x/")
    assert str(refused.value).startswith("OS_AUTH_URL: expected Keystone's URL, such as https://")
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "value", ["disks.example.org", ".example.org", "*", "[::1]", "10.0.0.7", "localhost", "my_host"]
)
def test_it_takes_the_names_of_hosts(value: str) -> None:
    assert checked.hosts("ALLOWED_HOSTS", [value, "localhost"]) == [value, "localhost"]


@pytest.mark.parametrize(
    "value", ["https://disks.example.org", "disks.example.org:8443", "a b", "a/b", "", "::1", "a..b"]
)
def test_it_refuses_what_is_no_name_of_a_host(value: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=r"^ALLOWED_HOSTS=.*: expected host names without a scheme and a port"
    ):
        checked.hosts("ALLOWED_HOSTS", ["localhost", value])


@pytest.mark.parametrize(("value", "host"), [("[::1]", "::1"), ("::1", "::1"), ("0.0.0.0", "0.0.0.0"), ("box", "box")])
def test_an_address_to_listen_on_may_have_brackets(value: str, host: str) -> None:
    assert checked.listening_host("HOST", value) == host


def test_it_refuses_a_host_with_spaces() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^HOST=not a host: expected an address of this machine"):
        checked.listening_host("HOST", "not a host")


def test_each_earlier_key_must_be_long_enough() -> None:
    assert checked.secrets("SECRET_KEY_FALLBACKS", ["k" * 50]) == ["k" * 50]
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY_FALLBACKS: expected at least 32 characters$"):
        checked.secrets("SECRET_KEY_FALLBACKS", ["k" * 50, "short"])
