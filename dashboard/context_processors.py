"""What every template may use besides its own context."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dashboard.keystone import slug_of


def cloud(request: HttpRequest) -> dict[str, Any]:
    """Give `cloud`, the project of this page, `project_choices` for the header's switcher, and `backups_offered`."""
    here = getattr(request, "cloud", None)
    if here is None:
        return {"cloud": None}
    choices = [(slug_of(one.id, here.endpoint.region, here.regions), one.name) for one in here.projects]
    return {"cloud": here, "project_choices": choices, "backups_offered": settings.BACKUPS}
