"""deploy/compose.yaml and deploy/kubernetes: they say what the bot needs, nothing unknown, and nobody is root."""

import copy
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from bot.settings.core import Settings, load, with_procedures
from bot.settings.secret_files import SUFFIX, secret_names
from conversations.registry import PROCEDURES
from tests.postgres_server import PostgresServer, client_tools

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
SETTINGS = with_procedures(PROCEDURES)
SECRETS = {name.upper() for name in secret_names(SETTINGS)}
TWINS = {f"{name}{SUFFIX.upper()}" for name in SECRETS}
NAMES = {name.upper() for name in SETTINGS.model_fields} | TWINS
IMAGE = re.compile(r"([\w./-]+):(?!latest$)(\w[\w.-]*)")
Json = dict[str, Any]

# What Kubernetes calls the fields that are used here; one that is misspelt would be ignored, or refused by the cluster.
FIELDS: dict[str, str] = {
    "": "apiVersion kind metadata spec data stringData type",
    "metadata": "name labels",
    "Deployment.spec": "replicas selector strategy template",
    "Deployment.spec.strategy": "type rollingUpdate",
    "Deployment.spec.strategy.rollingUpdate": "maxSurge maxUnavailable",
    "Job.spec": "backoffLimit activeDeadlineSeconds ttlSecondsAfterFinished template",
    "Service.spec": "selector ports",
    "PodDisruptionBudget.spec": "maxUnavailable selector",
    "template": "metadata spec",
    "pod": "automountServiceAccountToken terminationGracePeriodSeconds topologySpreadConstraints securityContext"
    " containers volumes restartPolicy",
    "pod.securityContext": "runAsNonRoot runAsUser runAsGroup fsGroup seccompProfile",
    "container": "name image args envFrom ports lifecycle startupProbe livenessProbe readinessProbe securityContext"
    " resources volumeMounts",
    "container.securityContext": "allowPrivilegeEscalation readOnlyRootFilesystem capabilities",
    "probe": "httpGet periodSeconds timeoutSeconds failureThreshold",
    "mount": "name mountPath readOnly",
}
VERSIONS = {
    "Secret": "v1", "ConfigMap": "v1", "Service": "v1", "Deployment": "apps/v1", "Job": "batch/v1",
    "PodDisruptionBudget": "policy/v1",
}  # fmt: skip
PROBES = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}


def manifests() -> dict[str, Json]:
    """Every document, by its kind."""
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    documents = [document for file in files for document in yaml.safe_load_all(file.read_text("utf-8"))]
    found = {document["kind"]: document for document in documents}
    assert len(found) == len(documents) == len(VERSIONS)
    return found


def unknown(where: str, fields: Json) -> Iterator[str]:
    """Faults: fields that are not listed."""
    for name in fields.keys() - set(FIELDS[where].split()):
        yield f"{where or 'top'}: {name} is unknown"


def faults(found: dict[str, Json]) -> Iterator[str]:
    """What is wrong with the manifests, seen together."""
    for kind, document in found.items():
        yield from unknown("", document)
        yield from unknown("metadata", document["metadata"])
        if f"{kind}.spec" in FIELDS:
            yield from unknown(f"{kind}.spec", document["spec"])
        if document["apiVersion"] != VERSIONS[kind] or not re.fullmatch(r"[a-z0-9-]+", document["metadata"]["name"]):
            yield f"{kind}: its apiVersion or its name is wrong"
    for kind in ("Deployment", "Job"):
        template = found[kind]["spec"]["template"]
        yield from unknown("template", template)
        yield from pod_faults(template["spec"], found)
    yield from rollout_faults(found)
    yield from settings_faults(found)


def broken(promises: dict[str, bool]) -> list[str]:
    """Those that are not kept."""
    return [said for said, kept in promises.items() if not kept]


def pod_faults(pod: Json, found: dict[str, Json]) -> Iterator[str]:
    """What is wrong with a pod: it is not root, writes nowhere, and its volumes and settings exist."""
    security, (container,) = pod["securityContext"], pod["containers"]
    yield from unknown("pod", pod)
    yield from unknown("pod.securityContext", security)
    yield from unknown("container", container)
    yield from unknown("container.securityContext", container["securityContext"])
    for mount in container["volumeMounts"]:
        yield from unknown("mount", mount)
    image = IMAGE.fullmatch(container["image"])
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    nothing_more = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    yield from broken(
        {
            "pod: it is the image's user": security["runAsUser"] == security["runAsGroup"] == 10001,
            "pod: it is never root": security["runAsNonRoot"],
            "pod: its calls are filtered": security["seccompProfile"] == {"type": "RuntimeDefault"},
            "pod: it has no access to the cluster": pod["automountServiceAccountToken"] is False,
            "container: it can do nothing more": container["securityContext"] == nothing_more,
            "container: its image is this version": image is not None and image[2] == VERSION,
            "container: its command exists": container["args"] in (["serve"], ["migrate"]),
            "container: its resources are named": container["resources"].keys() == {"requests", "limits"},
            "container: its settings are those of the ConfigMap": container["envFrom"]
            == [{"configMapRef": {"name": found["ConfigMap"]["metadata"]["name"]}}],
            "pod: its volumes are mounted": {mount["name"] for mount in container["volumeMounts"]} == volumes.keys(),
            "pod: it alone reads its secrets": bool(security["fsGroup"])
            and volumes["secrets"]["secret"]
            == {"secretName": found["Secret"]["metadata"]["name"], "defaultMode": 0o440},
        }
    )


def rollout_faults(found: dict[str, Json]) -> Iterator[str]:
    """What is wrong with the Deployment and what selects its pods."""
    deployment, job = found["Deployment"]["spec"], found["Job"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    container = deployment["template"]["spec"]["containers"][0]
    disruption = found["PodDisruptionBudget"]["spec"]
    yield from unknown("Deployment.spec.strategy", deployment["strategy"])
    yield from unknown("Deployment.spec.strategy.rollingUpdate", deployment["strategy"]["rollingUpdate"])
    for name in PROBES:
        yield from unknown("probe", container[name])
    yield from broken(
        {
            "Deployment: it selects the bot's pods": deployment["selector"]["matchLabels"] == labels,
            "Service: it selects the bot's pods": found["Service"]["spec"]["selector"] == labels,
            "PodDisruptionBudget: it selects the bot's pods": disruption["selector"]["matchLabels"] == labels,
            "Job: its pod is none of the bot's": job["template"]["metadata"]["labels"] != labels,
            "Deployment: somebody always serves": deployment["replicas"] >= 2
            and deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0},
            "PodDisruptionBudget: one may go": disruption["maxUnavailable"] == 1,
            "container: it listens where the image does": container["ports"]
            == [{"name": "http", "containerPort": 3000}],
            "Service: it leads there": [port["targetPort"] for port in found["Service"]["spec"]["ports"]] == ["http"],
            "Job: it is repeated, but not without end": job["backoffLimit"] > 0
            and job["template"]["spec"]["restartPolicy"] == "Never",
            **{
                f"container: its {name} asks {path}": container[name]["httpGet"] == {"path": path, "port": "http"}
                for name, path in PROBES.items()
            },
        }
    )


def settings_faults(found: dict[str, Json]) -> Iterator[str]:
    """What is wrong with the ConfigMap and the Secret."""
    given = found["ConfigMap"]["data"]
    for name in given.keys() - NAMES:
        yield f"ConfigMap: {name} is no setting"
    for name in given.keys() & SECRETS:
        yield f"ConfigMap: {name} is secret"
    (mounted,) = {
        mount["mountPath"]
        for mount in found["Deployment"]["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
        if mount["name"] == "secrets"
    }
    files = {f"{mounted}/{name}" for name in found["Secret"]["stringData"]}
    if {given[name] for name in given.keys() & TWINS} != files:
        yield "ConfigMap: the files that it names are not those of the Secret"


def test_the_manifests_fit_each_other_and_the_bot() -> None:
    """Known fields, matching selectors, this version's image, settings that exist, probes, and no right too many."""
    assert list(faults(manifests())) == []


def _container(found: dict[str, Json]) -> Json:
    container: Json = found["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    return container


MISTAKES: dict[str, Callable[[dict[str, Json]], object]] = {
    "readOnlyRootFileSystem is unknown": lambda m: _container(m)["securityContext"].update(readOnlyRootFileSystem=True),
    "livelinessProbe is unknown": lambda m: _container(m).update(livelinessProbe={}),
    "Service: it selects": lambda m: m["Service"]["spec"]["selector"].update(app="other"),
    "its image is this version": lambda m: _container(m).update(image="amazon-token:latest"),
    "SUPPORT_CHANEL_ID is no setting": lambda m: m["ConfigMap"]["data"].update(SUPPORT_CHANEL_ID="C1"),
    "HASH_KEY is secret": lambda m: m["ConfigMap"]["data"].update(HASH_KEY="00" * 32),
    "not those of the Secret": lambda m: m["Secret"]["stringData"].pop("hash_key"),
    "it is the image's user": lambda m: m["Job"]["spec"]["template"]["spec"]["securityContext"].update(runAsUser=0),
    "readinessProbe asks": lambda m: _container(m)["readinessProbe"]["httpGet"].update(path="/livez"),
    "somebody always serves": lambda m: m["Deployment"]["spec"].update(replicas=1),
    "none of the bot's": lambda m: m["Job"]["spec"]["template"]["metadata"].update(
        labels=m["Deployment"]["spec"]["template"]["metadata"]["labels"]
    ),
}


@pytest.mark.parametrize("said", MISTAKES)
def test_a_mistake_in_the_manifests_is_noticed(said: str) -> None:
    """Each is one that somebody could make."""
    found = copy.deepcopy(manifests())
    MISTAKES[said](found)
    assert [fault for fault in faults(found) if said in fault]


@pytest.mark.skipif(shutil.which("kubeconform") is None, reason="kubeconform is not installed")
def test_kubeconform_accepts_the_manifests() -> None:
    """Its schemas come from the network, or from KUBECONFORM_SCHEMA_LOCATION."""
    location = os.environ.get("KUBECONFORM_SCHEMA_LOCATION", "default")
    command = ["kubeconform", "-strict", "-schema-location", location, str(DEPLOY / "kubernetes")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    assert ran.returncode == 0, ran.stdout + ran.stderr


# Compose


def compose() -> Json:
    """The file, with YAML's own references resolved."""
    loaded: Json = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return loaded


def test_compose_starts_two_bots_after_the_schema_is_there() -> None:
    """PostgreSQL is healthy, then the schema is made, then both bots start; none of them can write elsewhere."""
    services = compose()["services"]
    bots = [service for name, service in services.items() if name.startswith("bot-")]
    assert len(bots) == 2
    for bot in bots:
        assert bot["depends_on"] == {
            "database": {"condition": "service_healthy"}, "migrate": {"condition": "service_completed_successfully"},
        }  # fmt: skip
        assert "command" not in bot, "the image serves"
        assert "healthcheck" not in bot, "the image has one"
    assert services["migrate"]["command"] == ["migrate"]
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "ports" not in service
        image = IMAGE.fullmatch(service["image"])
        assert image is not None
        assert image[1] == "postgres" or image[2] == VERSION
    assert services["database"]["user"] == "postgres"
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text("utf-8")


def test_compose_hands_secrets_over_in_files() -> None:
    """Each is a file that the service is given; the bots have no key to the whole server; the settings exist."""
    file = compose()
    given = {name: set(service["secrets"]) for name, service in file["services"].items()}
    assert set.union(*given.values()) == file["secrets"].keys()
    assert {secret["file"] for secret in file["secrets"].values()} == {f"./secrets/{name}" for name in file["secrets"]}
    assert "superuser_password" not in given["bot-1"] | given["bot-2"] | given["migrate"]
    for name, service in file["services"].items():
        for variable, value in service["environment"].items():
            if name != "database":
                assert variable in NAMES - SECRETS
            if variable.endswith("_FILE"):
                assert Path(value).parent == Path("/run/secrets")
                assert Path(value).name in given[name]
    assert (DEPLOY / "bot-user.sql").exists()
    assert "./bot-user.sql:/docker-entrypoint-initdb.d/bot-user.sql:ro" in file["services"]["database"]["volumes"]


def test_docker_compose_understands_the_file(tmp_path: Path) -> None:
    """Where Docker and its plugin are installed."""
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    command = ["docker", "compose"]
    if subprocess.run([*command, "version"], capture_output=True, check=False).returncode:  # noqa: S603 - fixed words
        pytest.skip("docker has no compose plugin")
    ran = subprocess.run(  # noqa: S603 - the same
        [*command, "--project-directory", str(tmp_path), "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        capture_output=True, text=True, check=False, env={**os.environ, "SUPPORT_CHANNEL_ID": "C0123456789"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


# Both


def loaded(given: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that the bot reads there, with secrets of the right shape."""
    values = {
        "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "slack_signing_secret": "0a" * 16,
        "database_password": "a b@c/d", "hash_key": "5e" * 32,
    }  # fmt: skip
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        if name in TWINS:
            (folder / Path(value).name).write_text(f"{values[Path(value).name]}\n", "utf-8")
            value = str(folder / Path(value).name)  # noqa: PLW2901 - where it is here
        monkeypatch.setenv(name, "C0123456789" if name == "SUPPORT_CHANNEL_ID" else value)
    return load(None)


def test_the_bot_can_read_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing required is missing: Socket Mode with Compose, HTTP with Kubernetes, PostgreSQL with both."""
    settings = loaded(compose()["services"]["bot-1"]["environment"], tmp_path, monkeypatch)
    assert settings.socket_mode
    assert settings.database_address == "postgresql://amazon_token:a%20b%40c%2Fd@database/amazon_token"
    settings = loaded(manifests()["ConfigMap"]["data"], tmp_path, monkeypatch)
    assert not settings.socket_mode
    assert settings.database_address.startswith("postgresql://amazon_token:a%20b%40c%2Fd@db.example.com/")


def test_the_bots_user_owns_its_database_and_nothing_else(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """The script that the image of PostgreSQL runs, with psql; a password with a quotation mark in it."""
    password = tmp_path / "database_password"
    password.write_text("it's geheim\n", "utf-8")
    script = (DEPLOY / "bot-user.sql").read_text("utf-8").replace("/run/secrets/database_password", str(password))
    script = script.replace("amazon_token", "its_bot")  # the tests' own user is called like that
    ran = subprocess.run(  # noqa: S603 - fixed words
        [client_tools() / "psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", postgres_server.url("postgres")],
        input=script, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        user = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid"
            " WHERE rolname = 'its_bot'"
        ).fetchone()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba), has_database_privilege('pg_monitor', datname, 'CONNECT')"
            " FROM pg_database WHERE datname = 'its_bot'"
        ).fetchone()
        connection.execute("DROP DATABASE its_bot")
        connection.execute("DROP USER its_bot")
    assert user == (False, False, False, True)
    assert owner == ("its_bot", False)


def test_every_file_is_documented() -> None:
    """docs/deployment.md names each."""
    text = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    names = {path.name for path in DEPLOY.rglob("*") if path.is_file() and "secrets" not in path.parts}
    assert {name for name in names if name not in text} == set()
