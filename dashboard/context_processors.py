"""What every template may use besides its own context."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dashboard import __version__
from dashboard.cloud.keystone import slug_of
from dashboard.web.forms import new_key
from dashboard.web.theme import THEMES, theme_of


def cloud(request: HttpRequest) -> dict[str, Any]:
    """Give `cloud`, the project of this page, and what the frame, the menus and the buttons need."""
    here = getattr(request, "cloud", None)
    frame = {"theme": theme_of(request), "themes": THEMES, "version": __version__}
    if here is None:
        return {"cloud": None, **frame}
    choices = [(slug_of(one.id, here.endpoint.region, here.regions), one.name) for one in here.projects]
    regions = [(slug_of(here.project.id, region, here.regions), region) for region in here.regions]
    return {
        **frame,
        "cloud": here,
        "project_choices": choices,
        "region_choices": regions,
        "backups_offered": settings.BACKUPS,
        "form_key": new_key(),
    }
