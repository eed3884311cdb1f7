"""User preferences that outlive the session."""

from dashboard.accounts.models import Preference
from dashboard.cloud import keystone
from dashboard.cloud.keystone import Login


def last_project(login: Login) -> str | None:
    """Return the slug of the last used project, else the ID of the first one; None if the user has no project."""
    preference = Preference.objects.filter(keystone_url=keystone.auth_url(), user_id=login.user_id).first()
    ids = [project.id for project in login.projects]
    if preference and preference.last_project.partition("@")[0] in ids:
        return preference.last_project
    return ids[0] if ids else None


def start_in(login: Login, project_id: str, *, chosen: bool) -> None:
    """Let a project named at sign-in be the last used one, if the user has `chosen` it or has used none so far."""
    last = Preference.objects.filter(keystone_url=keystone.auth_url(), user_id=login.user_id).first()
    if last is None or (chosen and last.last_project.partition("@")[0] != project_id):
        remember_project(login, project_id)


def remember_project(login: Login, slug: str) -> None:
    """Store `slug` (project ID, with ``@<region>`` if there are several) as the last used project."""
    Preference.objects.update_or_create(
        keystone_url=keystone.auth_url(), user_id=login.user_id, defaults={"last_project": slug}
    )
