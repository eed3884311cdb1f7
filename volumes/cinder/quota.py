"""What the project may use, and uses."""

from dashboard.keystone import Cloud
from volumes.cinder import values
from volumes.cinder.client import get, inner
from volumes.cinder.values import Quota


def of(cloud: Cloud) -> Quota:
    """Return the project's quota and what it uses of it: one request.

    Raises:
        CloudError: the cloud refused or failed.
    """
    return values.quota(inner(inner(get(cloud, "/limits"), "limits"), "absolute"))
