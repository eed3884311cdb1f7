"""The image, the compose files, the manifests and the unit fit the product: its settings, probes and time limits."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from dashboard.probes import PROBES
from tests.contracts.test_settings import variables

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "docs" / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
UNIT = (DEPLOY / "diskboard.service").read_text()
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
# What the image sets for Python and the system
SYSTEM_VARIABLES = {"PATH", "HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
SECONDS = re.compile(r"(\d+)s?")


def documents(kind: str = "") -> list[Any]:
    """The Kubernetes objects, or those of a kind."""
    found = [one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text())]
    return [one for one in found if kind in ("", one["kind"])]


def the(kind: str) -> Any:
    [only] = documents(kind)
    return only


def composed(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


def the_pod() -> Any:
    return the("Deployment")["spec"]["template"]["spec"]


def containers() -> list[Any]:
    return [*the_pod()["initContainers"], *the_pod()["containers"]]


def image_variables() -> dict[str, str]:
    """What the last stage of the image sets."""
    block = re.findall(r"^ENV ((?:.*\\\n)*.*)", DOCKERFILE, re.MULTILINE)[-1]
    return dict(one.split("=", 1) for one in block.replace("\\\n", " ").split())


def seconds(text: str) -> int:
    found = SECONDS.fullmatch(text)
    assert found, text
    return int(found[1])


def named_variables() -> dict[str, set[str]]:
    services = {**composed("compose.yaml")["services"], **composed("compose.demo.yaml")["services"]}
    commands = re.findall(r"\b([A-Z][A-Z_]+)=\S", (DEPLOY / "README.md").read_text())
    return {
        "Dockerfile": set(image_variables()) - SYSTEM_VARIABLES,
        "compose.yaml": set(composed("compose.yaml")["services"]["diskboard"]["environment"]),
        "compose.demo.yaml": set(services["diskboard"].get("environment", {})),
        "settings.yaml": set(the("ConfigMap")["data"]),
        "diskboard.service": set(re.findall(r"(?:Environment=|: )([A-Z_]+)=", UNIT)),
        "README.md": set(commands),
    }


# What the examples themselves read, and Docker's
OWN = {"SITE", "DISKBOARD", "BASE", "VERSION", "REVISION"}


@pytest.mark.parametrize("place", named_variables())
def test_every_variable_is_a_setting(place: str) -> None:
    named = {one.removesuffix("_FILE") for one in named_variables()[place]}
    assert named - OWN <= variables()


def test_the_image_has_one_ordinary_user_who_owns_the_data() -> None:
    [user] = re.findall(r"^USER (.+)", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", user)
    assert f"chown {user} {image_variables()['VAR_DIR']}" in DOCKERFILE
    assert f'VOLUME ["{image_variables()["VAR_DIR"]}"]' in DOCKERFILE
    # Orchestrators compare the number: a name wouldn't show that it isn't root.
    security = the_pod()["securityContext"]
    assert f"{security['runAsUser']}:{security['runAsGroup']}" == user
    assert security["fsGroup"] == security["runAsGroup"]


def test_the_image_contains_what_it_copies() -> None:
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    for name in let_in:
        assert (ROOT / name).exists(), name
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for name in " ".join(copied).split():
        assert name == "." or name in let_in, name


def test_the_image_has_the_packages_of_production() -> None:
    """With the extra `redis`, and nothing of the embedded cloud or of the tests."""
    pinned = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    image, runtime, build = (
        dict(pinned.findall((ROOT / "requirements" / f"{name}.txt").read_text()))
        for name in ("image", "runtime", "build")
    )
    assert set(image) - set(runtime) == {"redis", "async-timeout"}
    assert {name: image[name] for name in runtime} == runtime
    assert "hatchling" in build
    assert {name for name in build if build[name] != image.get(name, build[name])} == set()


def test_nothing_has_more_rights_than_it_needs() -> None:
    for name in ("compose.yaml", "compose.demo.yaml"):
        for service, given in composed(name)["services"].items():
            assert given["cap_drop"] == ["ALL"], service
            assert given["security_opt"] == ["no-new-privileges:true"], service
            assert given.get("read_only") or service == "postgres", service
    assert the_pod()["securityContext"]["runAsNonRoot"]
    assert not the_pod()["automountServiceAccountToken"]
    for container in containers():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_probes_ask_for_what_there_is() -> None:
    [container] = the_pod()["containers"]
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert {probe["path"] for probe in probes.values()} == set(PROBES)
    # A missing database must not restart the pods.
    assert probes["livenessProbe"]["path"] == probes["startupProbe"]["path"] == "/healthz"
    assert probes["readinessProbe"]["path"] == "/readyz"
    [port] = container["ports"]
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert port["containerPort"] == settings.PORT
    assert f"EXPOSE {settings.PORT}" in DOCKERFILE
    assert "health_uri /readyz" in (DEPLOY / "caddy" / "proxy.Caddyfile").read_text()


def test_an_end_takes_as_long_as_running_requests_need() -> None:
    grace = settings.GRACEFUL_SECONDS
    [container] = the_pod()["containers"]
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert the_pod()["terminationGracePeriodSeconds"] > grace + pause
    for name in ("compose.yaml", "compose.demo.yaml"):
        assert seconds(composed(name)["services"]["diskboard"]["stop_grace_period"]) > grace
    assert seconds(re.findall(r"^TimeoutStopSec=(.+)", UNIT, re.MULTILINE)[0]) > grace


def test_web_servers_wait_longer_than_the_cloud_may_take() -> None:
    for path, setting in (
        ("nginx/proxy.conf", "proxy_read_timeout "),
        ("caddy/proxy.Caddyfile", "response_header_timeout "),
        ("apache/root.conf", "timeout="),
        ("apache/prefix.conf", "timeout="),
        ("kubernetes/ingress.yaml", 'proxy-read-timeout: "'),
    ):
        told = (DEPLOY / path).read_text().split(setting)[1]
        assert int(re.match(r"\d+", told)[0]) > settings.CLOUD_TOTAL_SECONDS + 3, path  # type: ignore[index]  # a number


def test_web_servers_refuse_what_diskboard_would() -> None:
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    assert f"client_max_body_size {megabytes}m;" in (DEPLOY / "nginx" / "proxy.conf").read_text()
    assert f"-gt {settings.DATA_UPLOAD_MAX_MEMORY_SIZE}" in (DEPLOY / "apache" / "proxy.conf").read_text()
    assert f"proxy-body-size: {megabytes}m" in (DEPLOY / "kubernetes" / "ingress.yaml").read_text()
    pattern = re.findall(r"header_regexp Content-Length (\S+)", (DEPLOY / "caddy" / "proxy.Caddyfile").read_text())[0]
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    refused = [size for size in (1, 999_999, limit, 3_150_000, 4_000_000, 10**8) if re.search(pattern, str(size))]
    assert refused == [3_150_000, 4_000_000, 10**8]


def test_secrets_are_files_that_exist() -> None:
    compose = composed("compose.yaml")
    for service in compose["services"].values():
        given = {name: path for name, path in service.get("environment", {}).items() if name.endswith("_FILE")}
        assert {path.removeprefix("/run/secrets/") for path in given.values()} == set(service.get("secrets", []))
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
    mount = "/run/secrets/diskboard/"
    files = {value for name, value in the("ConfigMap")["data"].items() if name.endswith("_FILE")}
    assert files == {mount + key for key in the("Secret")["stringData"]}
    assert {one["mountPath"] for one in containers()[0]["volumeMounts"]} >= {mount.rstrip("/")}
    # Git and the image take none along.
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()


def test_all_manifests_but_the_secret_are_applied() -> None:
    applied = set(the("Kustomization")["resources"])
    assert applied == {path.name for path in MANIFESTS} - {"kustomization.yaml", "secret.example.yaml"}
    labels = the("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert the("Deployment")["spec"]["selector"]["matchLabels"] == labels
    assert the("Service")["spec"]["selector"] == labels
    assert the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    assert the("Deployment")["spec"]["replicas"] > the("PodDisruptionBudget")["spec"]["minAvailable"]
