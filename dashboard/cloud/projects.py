"""Projects, their slugs in URLs, and the labels that tell them apart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.cloud.visible import look_of, shown_name

SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class Project:
    """A Keystone project in which the user has a role. `domain` is its domain's name, or the beginning of its ID."""

    id: str
    name: str
    domain: str = ""


def slug_of(project_id: str, region: str, regions: tuple[str, ...]) -> str:
    """Return ``<project id>``, or ``<project id>@<region>`` if the catalog has several regions."""
    return f"{project_id}@{region_in_slug(region)}" if len(regions) > 1 else project_id


def region_in_slug(region: str) -> str:
    """Return a region's ID as slugs have it: a slash would end that part of the URL, even if it is quoted."""
    return region.replace("~", "~7E").replace("/", "~2F")


def labels(projects: Iterable[Project]) -> dict[str, str]:
    """Return each project's name by its ID, with the domain if another project's name looks the same."""
    known = tuple(projects)
    by_name = Counter(look_of(project.name) for project in known)
    by_domain = Counter((look_of(project.name), look_of(project.domain)) for project in known)

    def label(project: Project) -> str:
        name, look, domain = shown_name(project.name, project.id), look_of(project.name), look_of(project.domain)
        if by_name[look] == 1:
            return name
        is_alone = domain and by_domain[look, domain] == 1
        return f"{name} ({project.domain if is_alone else project.id[:SHORT_ID]})"

    return {project.id: label(project) for project in known}
