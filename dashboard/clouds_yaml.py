"""OS_CLOUD: a cloud in ``clouds.yaml``, as the ``openstack`` client reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ImproperlyConfigured

# In the client's order
PLACES = (Path("clouds.yaml"), Path("~/.config/openstack/clouds.yaml"), Path("/etc/openstack/clouds.yaml"))
CREDENTIALS = frozenset(
    {
        "username",
        "user_id",
        "password",
        "token",
        "passcode",
        "application_credential_id",
        "application_credential_name",
        "application_credential_secret",
    }
)


@dataclass(frozen=True, slots=True)
class NamedCloud:
    """What Diskboard takes from ``clouds.yaml``; `ignored` are the names of the credentials that it doesn't take."""

    auth_url: str = ""
    region_name: str = ""
    interface: str = "public"
    cacert: str = ""
    ignored: Sequence[str] = ()


def named_cloud(name: str, file: str) -> NamedCloud:
    """Return the cloud `name` of `file`, or of the first file in the usual places; an empty one for an empty name.

    Raises:
        ImproperlyConfigured: there is no such file or cloud, it can't be read, or it forbids verifying certificates.
    """
    if not name:
        return NamedCloud()
    path = _found(name, file)
    clouds = _mapping(_read(path), "clouds")
    if name not in clouds:
        raise ImproperlyConfigured(f"OS_CLOUD={name}: {path} has no such cloud, only {', '.join(sorted(clouds))}")
    cloud = _mapping(clouds, name)
    auth = _mapping(cloud, "auth")
    if cloud.get("verify") is False or cloud.get("insecure") is True:
        raise ImproperlyConfigured(
            f"OS_CLOUD={name}: verify: false in {path}. "
            "Diskboard always verifies certificates; give the authority as cacert."
        )
    if not auth.get("auth_url"):
        raise ImproperlyConfigured(f"OS_CLOUD={name}: {path} has no auth_url for it")
    regions = cloud.get("regions")
    region = cloud.get("region_name") or (regions[0] if isinstance(regions, list) and len(regions) == 1 else "")
    return NamedCloud(
        str(auth["auth_url"]),
        str(region),
        str(cloud.get("interface") or cloud.get("endpoint_type") or "public"),
        str(cloud.get("cacert") or ""),
        tuple(sorted(CREDENTIALS & {*auth, *cloud})),
    )


def _found(name: str, file: str) -> Path:
    places = [Path(file)] if file else [place.expanduser() for place in PLACES]
    for place in places:
        if place.is_file():
            return place
    raise ImproperlyConfigured(f"OS_CLOUD={name}: there is no {' or '.join(map(str, places))}")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"OS_CLOUD: {path} can't be read: {' '.join(str(error).split())}") from error
    return content if isinstance(content, dict) else {}


def _mapping(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}
