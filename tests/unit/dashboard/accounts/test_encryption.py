"""The encryption of stored data, and its key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from dashboard.accounts.encryption import EncryptedJSON
from dashboard.secret_key import kept_secret_key


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.SECRET_KEY = "first key"
    settings.SECRET_KEY_FALLBACKS = []


def test_it_gives_back_what_it_was_given() -> None:
    kept = {"token": "t", "scoped": {"1": {"roles": ["member"]}}, "name": "Анна"}
    assert EncryptedJSON().loads(EncryptedJSON().dumps(kept)) == kept


def test_it_is_not_readable() -> None:
    written = EncryptedJSON().dumps({"token": "the-token"})
    assert b"token" not in written
    assert written != EncryptedJSON().dumps({"token": "the-token"})


def test_it_forgets_what_another_key_wrote(settings: Settings) -> None:
    written = EncryptedJSON().dumps({"token": "t"})
    settings.SECRET_KEY = "second key"
    assert EncryptedJSON().loads(written) == {}
    settings.SECRET_KEY_FALLBACKS = ["first key"]
    assert EncryptedJSON().loads(written) == {"token": "t"}


def test_it_writes_under_the_new_key_only(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second key", ["first key"]
    written = EncryptedJSON().dumps({"token": "t"})
    settings.SECRET_KEY_FALLBACKS = []
    assert EncryptedJSON().loads(written) == {"token": "t"}


@pytest.mark.parametrize("data", [b"", b"x", b"gAAAAA", b"gAAAAA" * 20])
def test_it_forgets_what_was_damaged(data: bytes) -> None:
    assert EncryptedJSON().loads(data) == {}


def test_it_notices_a_change() -> None:
    written = bytearray(EncryptedJSON().dumps({"token": "t"}))
    written[40] ^= 1
    assert EncryptedJSON().loads(bytes(written)) == {}


def test_it_makes_a_key_once(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    key = kept_secret_key(path)
    assert len(key) > 50
    assert kept_secret_key(path) == key
    assert [one.name for one in tmp_path.iterdir()] == ["secret_key"]


def test_it_keeps_the_key_from_other_users(tmp_path: Path) -> None:
    kept_secret_key(tmp_path / "secret_key")
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_it_makes_one_key_for_all_who_start_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_secret_key(tmp_path / "secret_key"), range(32)))
    assert len(keys) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["secret_key"]


def test_it_keeps_a_key_that_was_there_before(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("mine\n")
    assert kept_secret_key(tmp_path / "secret_key") == "mine"


def test_it_fails_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"VAR_DIR=.*secret_key"):
        kept_secret_key(tmp_path / "nowhere" / "secret_key")
