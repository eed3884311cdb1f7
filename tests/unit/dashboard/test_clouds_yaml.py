"""OS_CLOUD takes a cloud's address from clouds.yaml, and no credentials."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard.clouds_yaml import NamedCloud, named_cloud

LAB = """
clouds:
  lab:
    auth:
      auth_url: https://keystone.lab.example.org:5000/v3
      username: ann
      password: secret
    region_name: north
    interface: internal
    cacert: /etc/ssl/lab.pem
  bare: {auth: {auth_url: https://bare.example.org}, regions: [only]}
  old: {auth: {auth_url: https://old.example.org}, endpoint_type: adminURL, regions: [a, b]}
  unverified: {auth: {auth_url: https://x.example.org}, verify: false}
  insecure: {auth: {auth_url: https://x.example.org}, insecure: true}
  nowhere: {auth: {}}
  empty:
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "clouds.yaml").write_text(LAB)
    return str(tmp_path / "clouds.yaml")


def test_it_takes_where_the_cloud_is_and_names_the_credentials_that_it_ignores(file: str) -> None:
    assert named_cloud("lab", file) == NamedCloud(
        "https://keystone.lab.example.org:5000/v3", "north", "internal", "/etc/ssl/lab.pem", ("password", "username")
    )
    assert named_cloud("bare", file) == NamedCloud("https://bare.example.org", "only")
    assert named_cloud("old", file) == NamedCloud("https://old.example.org", "", "adminURL")


def test_it_takes_nothing_if_no_cloud_is_named(file: str) -> None:
    assert named_cloud("", file) == NamedCloud()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lap", "has no such cloud, only bare, empty, insecure, lab, nowhere, old, unverified"),
        ("unverified", "always verifies"),
        ("insecure", "always verifies"),
        ("nowhere", "has no auth_url"),
        ("empty", "has no auth_url"),
    ],
)
def test_it_says_what_is_wrong(file: str, name: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"OS_CLOUD={name}: .*{said}"):
        named_cloud(name, file)


@pytest.mark.parametrize("content", ["[", "- a", "clouds: 7", "", "\x00", "!!python/object/apply:os.system [ls]"])
def test_it_survives_any_content(tmp_path: Path, content: str) -> None:
    (tmp_path / "clouds.yaml").write_text(content)
    with pytest.raises(ImproperlyConfigured, match="OS_CLOUD"):
        named_cloud("lab", str(tmp_path / "clouds.yaml"))


def test_it_looks_in_the_usual_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match=r"there is no clouds\.yaml or .*openstack/clouds\.yaml"):
        named_cloud("lab", "")
    (tmp_path / ".config" / "openstack").mkdir(parents=True)
    (tmp_path / ".config" / "openstack" / "clouds.yaml").write_text(LAB)
    assert named_cloud("bare", "").auth_url == "https://bare.example.org"
    (tmp_path / "clouds.yaml").write_text(LAB.replace("bare.example.org", "here.example.org"))
    assert named_cloud("bare", "").auth_url == "https://here.example.org"
