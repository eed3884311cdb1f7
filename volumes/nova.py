"""The names of the instances that disks are attached to: the only data that Diskboard reads from Nova."""

from collections.abc import Collection

from dashboard.cloud.errors import CloudError, SignInRequired
from dashboard.cloud.keystone import Cloud
from dashboard.cloud.translation import parsing, translated
from dashboard.cloud.visible import shown_name

MAX_INSTANCES = 1000


def names(cloud: Cloud, ids: Collection[str]) -> dict[str, str]:
    """Return the names of instances by id: one request, for the project's newest 1,000 instances.

    Instances that are not among these are left out. The result is empty if the cloud has no Nova or Nova fails.

    Raises:
        SignInRequired: the session has ended.
    """
    url = cloud.endpoint.compute_url
    if not url or not ids:
        return {}
    try:
        with translated():
            answer = cloud.session().get(f"/servers?limit={MAX_INSTANCES}", endpoint_override=url)
        with parsing():
            servers = [server for server in answer.json()["servers"] if isinstance(server, dict)]
    except SignInRequired:
        raise
    except CloudError:
        return {}
    named = [server for server in servers if server.get("id") in ids and server.get("name")]
    return {server["id"]: shown_name(str(server["name"]), server["id"]) for server in named}
