"""The names of the instances that disks are attached to: the only thing that Diskboard asks of Nova."""

from collections.abc import Collection

from dashboard.cloud.errors import CloudError, SignInRequired
from dashboard.cloud.keystone import Cloud, parsing, translated

MOST = 1000


def names(cloud: Cloud, ids: Collection[str]) -> dict[str, str]:
    """Return what these instances are called, by id: one request, for the project's newest 1,000 instances.

    What isn't known is left out: all of them where the cloud has no Nova, or that fails.

    Raises:
        SignInRequired: the session has ended.
    """
    url = cloud.endpoint.compute_url
    if not url or not ids:
        return {}
    try:
        with translated():
            answer = cloud.session().get(f"/servers?limit={MOST}", endpoint_override=url)
        with parsing():
            servers = [server for server in answer.json()["servers"] if isinstance(server, dict)]
    except SignInRequired:
        raise
    except CloudError:
        return {}
    return {server["id"]: str(server["name"]) for server in servers if server.get("id") in ids and server.get("name")}
