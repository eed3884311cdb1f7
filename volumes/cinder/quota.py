"""The project's quotas and their usage."""

from dashboard.cloud.errors import NotAllowed, NotFound
from dashboard.cloud.keystone import Cloud
from volumes.cinder import readers
from volumes.cinder.client import get, inner
from volumes.cinder.limits import Quota, TypeQuota


def of_project(cloud: Cloud) -> Quota:
    """Return the project's quotas and their usage: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return readers.quota(inner(inner(get(cloud, "/limits"), "limits"), "absolute"))


def of_types(cloud: Cloud) -> dict[str, TypeQuota]:
    """Return the project's quotas for each disk type and their usage, by the type's name: one request.

    Types that the project can't use are included. The result is empty if members may not read quota sets.

    Raises:
        CloudError: the cloud failed.
    """
    try:
        answer = get(cloud, f"/os-quota-sets/{cloud.project.id}", {"usage": "true"})
    except (NotAllowed, NotFound):
        return {}
    return readers.quota_of_types(inner(answer, "quota_set"))
