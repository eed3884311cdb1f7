"""Application credentials of the real Keystone."""

import secrets
from typing import Any

from keystoneauth1.exceptions.http import BadRequest

from tests.support.devcloud import Project, wait_until


def make_credential(project: Project, **options: Any) -> tuple[str, str]:
    """Create an application credential of the project's member; return its id and its secret."""
    user_id = project.session.get_user_id()
    asked = {"name": f"credential-{secrets.token_hex(4)}", **options}
    made: dict[str, Any] = {}

    def create() -> bool:
        try:
            answer = project.session.post(
                f"/users/{user_id}/application_credentials",
                json={"application_credential": asked},
                endpoint_filter={"service_type": "identity"},
            )
        except BadRequest as error:
            # While other tests grant roles, Keystone's cache of roles may miss this one for a moment.
            if "Could not find role assignment" in str(error):
                return False
            raise
        made.update(answer.json()["application_credential"])
        return True

    wait_until(create, "Keystone knows the member's role")
    return str(made["id"]), str(made["secret"])
