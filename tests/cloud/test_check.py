"""``diskboard check`` looks at a real Keystone and its catalog."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from dashboard.cloud.transport import shared_session
from tests.support.devcloud import Project


@pytest.fixture
def asked_by(project: Project, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment with the member's credentials."""
    settings.OS_AUTH_URL = project.auth_url
    settings.OS_REGION_NAME = ""
    shared_session.cache_clear()
    for name, value in {
        "OS_USERNAME": project.username,
        "OS_PASSWORD": project.password,
        "OS_PROJECT_NAME": project.project_name,
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def checked() -> tuple[list[str], str]:
    """The lines that the command prints, and its error."""
    said = StringIO()
    try:
        call_command("check_installation", stdout=said)
    except CommandError as error:
        return said.getvalue().splitlines(), str(error)
    return said.getvalue().splitlines(), ""


@pytest.mark.django_db
def test_all_is_in_order(asked_by: pytest.MonkeyPatch) -> None:
    lines, error = checked()
    assert lines == ["settings: ok", "database: ok", "keystone: ok", "catalog: ok"]
    assert error == ""
    asked_by.delenv("OS_PASSWORD")
    lines, error = checked()
    assert lines[-1].startswith("catalog: not checked; set OS_USERNAME, OS_PASSWORD")
    assert error == ""


@pytest.mark.django_db
def test_it_says_what_is_wrong_with_the_catalog(asked_by: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.OS_REGION_NAME = "Nowhere"
    lines, error = checked()
    assert lines[-1] == "catalog: OS_REGION_NAME=Nowhere: no block storage in the service catalog"
    assert error == "Not in order: catalog"
    asked_by.setenv("OS_PASSWORD", "no-such-password")
    lines, error = checked()
    assert lines[-1].startswith("catalog: ")
    assert "no-such-password" not in lines[-1]
    assert error == "Not in order: catalog"
