"""What a person chose, remembered over sessions."""

from dashboard.accounts.models import Preference
from dashboard.cloud import keystone
from dashboard.cloud.keystone import Login


def last_project(login: Login) -> str | None:
    """Return the last used project, as an address names it, or the first one; None where the person has none."""
    known = Preference.objects.filter(keystone_url=keystone.auth_url(), user_id=login.user_id).first()
    ids = [project.id for project in login.projects]
    if known and known.last_project.partition("@")[0] in ids:
        return known.last_project
    return ids[0] if ids else None


def remember_project(login: Login, slug: str) -> None:
    """Make a project, in its region where there are several, the last used one."""
    Preference.objects.update_or_create(
        keystone_url=keystone.auth_url(), user_id=login.user_id, defaults={"last_project": slug}
    )
