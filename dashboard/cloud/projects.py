"""Projects, their slugs in URLs, and the labels that tell them apart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

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
    """Return each project's name by its ID, with the domain if another project has the same name."""
    known = tuple(projects)
    by_name = Counter(project.name for project in known)
    by_domain = Counter((project.name, project.domain) for project in known)

    def label(project: Project) -> str:
        if by_name[project.name] == 1:
            return project.name
        is_alone = project.domain and by_domain[project.name, project.domain] == 1
        return f"{project.name} ({project.domain if is_alone else project.id[:SHORT_ID]})"

    return {project.id: label(project) for project in known}
