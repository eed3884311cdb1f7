"""Without OS_CACERT the system's certificate store is used, or what OpenSSL's own variables name."""

from pathlib import Path

import certifi
import pytest

from dashboard.authorities import system_authorities


@pytest.fixture
def hashed(tmp_path: Path) -> Path:
    folder = tmp_path / "hashed"
    folder.mkdir()
    (folder / "0a1b2c3d.0").write_text(Path(certifi.where()).read_text())
    return folder


def test_openssls_variables_name_another_store(tmp_path: Path, hashed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    monkeypatch.setenv("SSL_CERT_DIR", str(hashed))
    assert system_authorities() == certifi.where()
    (tmp_path / "empty.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    assert system_authorities() == str(hashed)


def test_it_says_if_there_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.pem").write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "empty"))
    assert system_authorities() == ""
