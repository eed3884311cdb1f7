"""Context that every template gets besides its own."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dashboard import __version__
from dashboard.cloud import projects
from dashboard.cloud.projects import slug_of
from dashboard.web.cookies import cookie_name
from dashboard.web.forms import new_key
from dashboard.web.partials import wants_partial
from dashboard.web.theme import THEMES, theme_of


def cloud(request: HttpRequest) -> dict[str, Any]:
    """Add `cloud`, the project of this page (None if it has none), and the context of header, menus and buttons."""
    current = getattr(request, "cloud", None)
    frame = {
        "theme": theme_of(request),
        "themes": THEMES,
        "version": __version__,
        "time_zone_cookie": cookie_name("timezone"),
        "cookie_path": settings.COOKIE_PATH,
        "is_partial": wants_partial(request),
    }
    if current is None:
        return {"cloud": None, **frame}
    labels = projects.labels(current.projects)
    label = labels.get(current.project.id, current.project.name)
    choices = [
        (slug_of(project.id, current.endpoint.region, current.regions), labels[project.id])
        for project in current.projects
    ]
    regions = [(slug_of(current.project.id, region, current.regions), region) for region in current.regions]
    return {
        **frame,
        "cloud": current,
        "project_label": label,
        # Two tabs of projects of one name
        "title_project": label if label != current.project.name else "",
        "project_choices": choices,
        "region_choices": regions,
        "backups_offered": settings.BACKUPS,
        "form_key": new_key(),
    }
