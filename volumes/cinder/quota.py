"""What the project may use, and uses."""

from dashboard.cloud.errors import NotAllowed, NotFound
from dashboard.cloud.keystone import Cloud
from volumes.cinder import readers
from volumes.cinder.client import get, inner
from volumes.cinder.limits import Quota, TypeQuota


def of(cloud: Cloud) -> Quota:
    """Return the project's quota and what it uses of it: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return readers.quota(inner(inner(get(cloud, "/limits"), "limits"), "absolute"))


def of_types(cloud: Cloud) -> dict[str, TypeQuota]:
    """Return the project's quota of each disk type, by the type's name, and what it uses of it: one request.

    Types that the project can't use are among them. Empty where the operator lets members read no quota sets.

    Raises:
        CloudError: the cloud failed.
    """
    try:
        told = get(cloud, f"/os-quota-sets/{cloud.project.id}", {"usage": "true"})
    except (NotAllowed, NotFound):
        return {}
    return readers.quota_of_types(inner(told, "quota_set"))
