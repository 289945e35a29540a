"""What docs/deployment.md promises: the image, the systemd unit, and a bot that writes only into its data folder."""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.sandbox.driver import Visitor
from bot.sandbox.server import Sandbox
from bot.settings.core import with_procedures
from bot.settings.secret_files import SUFFIX, secret_names
from conversations.registry import PROCEDURES
from tests.stories.presses import at_step, begun
from tests.waiting import until

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
UNIT = (ROOT / "deploy" / "amazon-token.service").read_text("utf-8")
PROGRAM = "/opt/amazon-token/bin/amazon-token"
SETTINGS = with_procedures(PROCEDURES)
# Every file that Python opens for writing, makes, renames or removes; not what SQLite writes, which is the database.
RECORDER = """
import os, sys
def _note(event, args):
    if event == "open":
        path, mode, flags = args
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
    elif event in ("os.rename", "os.link", "os.symlink"):
        path = args[1]
    elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.truncate"):
        path = args[0]
    else:
        return
    if isinstance(path, (str, bytes, os.PathLike)):
        os.write(_log, os.path.realpath(os.fsdecode(path)).encode() + b"\\n")
_log = os.open(os.environ["WRITES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(_note)
"""


def _instructions(name: str) -> list[str]:
    return re.findall(rf"(?m)^{name} +(.*)$", DOCKERFILE)


def _environment() -> dict[str, str]:
    """What the image sets."""
    (line,) = _instructions("ENV")
    return dict(part.split("=", 1) for part in shlex.split(line))


def _health_command() -> list[str]:
    (line,) = _instructions("HEALTHCHECK")
    command: list[str] = json.loads(line.partition(" CMD ")[2])
    return command


# The image


def test_the_files_of_the_image_exist() -> None:
    """Each is in the repository and let through by .dockerignore, which shuts out everything else."""
    ignored = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert ignored[0] == "*"
    copied = {source for line in _instructions("COPY") if "--from" not in line for source in line.split()[:-1]}
    assert copied
    assert {source for source in copied if not (ROOT / source).exists()} == set()
    assert {source.partition("/")[0] for source in copied} == {line[1:] for line in ignored if line[0] == "!"}


def test_the_image_is_small_and_nobody_is_root_in_it() -> None:
    """A slim base by its tag, a numeric user, no later change of it, packages by hash, and the settings exist."""
    assert re.search(r"(?m)^ARG PYTHON_IMAGE=python:3\.11-slim-\w+$", DOCKERFILE)
    assert set(_instructions("FROM")) == {"${PYTHON_IMAGE} AS build", "${PYTHON_IMAGE}"}
    assert _instructions("USER") == ["10001:10001"]
    assert "--require-hashes -r requirements/run.txt" in re.sub(r" +", " ", DOCKERFILE)
    known = {name.upper() for name in SETTINGS.model_fields}
    assert {name for name in _environment() if not name.startswith(("PATH", "PYTHON"))} <= known


def test_the_image_s_packages_are_those_that_are_tested() -> None:
    """requirements/run.txt is a part of dev.txt, with the same versions and hashes, made for the same Python."""
    pins = {}
    for name in ("dev", "run"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        assert "with Python 3.11" in text
        pins[name] = {line.partition("    #")[0].strip() for line in re.split(r"\n(?=\S)", text) if line[0] != "#"}
    assert len(pins["run"]) > 30
    assert pins["run"] - pins["dev"] == set()
    assert not any(pin.startswith(("pytest", "ruff", "mypy")) for pin in pins["run"])
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[=\[]", pin)[0] for pin in pins["run"]}
    assert {canonicalize_name(Requirement(line).name) for line in declared} - names == set(), "run `make requirements`"


# The start command, without Docker


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A copy of the program that cannot be written to (by anybody but root)."""
    copy = tmp_path / "tree"
    for name in ("bot", "conversations"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "sitecustomize.py").write_text(RECORDER, "utf-8")
    paths = [copy, *copy.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    yield copy
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def _listed(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_the_bot_writes_only_into_its_data_folder(
    engine: str, tree: Path, tmp_path: Path, unused_tcp_port: int, request: pytest.FixtureRequest
) -> None:
    """Started as the image starts it, with secrets in files; a walk begins, pictures are drawn, and it stops.

    Over PostgreSQL it writes nowhere.
    """
    data, writes, secrets = tmp_path / "data", tmp_path / "writes", tmp_path / "secrets"
    data.mkdir()
    secrets.mkdir()
    before = _listed(tree)
    async with Sandbox(ROOT / "manifest.yml", ack_limit=60, trigger_life=60) as slack:
        (secrets / "bot").write_text(f"{slack.token}\n", "utf-8")
        (secrets / "app").write_text(f"{slack.app_token}\n", "utf-8")
        image = {name: value.replace("/data/", f"{data}/") for name, value in _environment().items()}
        environment = {
            **image, "PATH": os.defpath, "PORT": str(unused_tcp_port), "HOST": "127.0.0.1",
            "SLACK_BOT_TOKEN_FILE": str(secrets / "bot"), "SLACK_APP_TOKEN_FILE": str(secrets / "app"),
            "SLACK_API_URL": slack.api_url, "SUPPORT_CHANNEL_ID": "C0SUPPORT", "PYTHONPATH": str(tree),
            "WRITES": str(writes), "LANG": "C.UTF-8",
        }  # fmt: skip
        if engine == "postgresql":
            environment |= {"DATABASE_URL": request.getfixturevalue("postgres_url"), "HASH_KEY": "5e" * 32}
        serve = (sys.executable, "-m", "bot", "serve")
        where = await _output(environment, data, sys.executable, "-c", "import bot; print(bot.__file__)")
        assert where.strip() == str(tree / "bot" / "__init__.py")
        running = await asyncio.create_subprocess_exec(*serve, cwd=data, env=environment)
        try:
            await slack.sockets.wait_until_connected()
            async with Visitor(slack.url, "U0ERIKA") as erika:
                await begun(erika)
                await erika.press("walk:orders_stopped")
                await at_step(erika, "connect_version")
            await until(lambda: slack.workspace.contents, "a picture to be uploaded")
            command = [sys.executable if part == "python" else part for part in _health_command()]
            await _output(environment, data, *command)
            running.terminate()
            assert await running.wait() == 0
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
    # SQLite's own files are made by it; the rest of the list is Python's.
    written = set(writes.read_text("utf-8").splitlines())
    elsewhere = {path for path in written if not path.startswith(str(data))}
    assert elsewhere <= {"/dev/null"}
    assert _listed(tree) == before
    if engine == "postgresql":
        assert (written - elsewhere, list(data.iterdir())) == (set(), [])
        return
    assert any(path.startswith(f"{data}/.amazon-token.db.key") for path in written)
    assert {path.name for path in data.iterdir()} >= {"amazon-token.db", "amazon-token.db.key", "amazon-token.db.seal"}


async def _output(environment: dict[str, str], folder: Path, *command: str) -> str:
    ran = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await ran.communicate()
    assert ran.returncode == 0, said.decode()
    return said.decode()


# The image, with Docker


def _docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=900)  # noqa: S603, S607


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    """The image, built from the checkout. Skipped without Docker, its daemon, or the base image."""
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed: the image is not built")
    if _docker("info").returncode != 0:
        pytest.skip("docker's daemon does not answer: the image is not built")
    base = re.findall(r"(?m)^ARG PYTHON_IMAGE=(\S+)$", DOCKERFILE)[0]
    if _docker("image", "inspect", base).returncode and _docker("pull", "--quiet", base).returncode:
        pytest.skip(f"{base} cannot be pulled: the image is not built")
    built = _docker("build", "--quiet", "--tag", "amazon-token-test", str(ROOT))
    assert built.returncode == 0, built.stderr
    yield "amazon-token-test"
    _docker("image", "rm", "--force", "amazon-token-test")


@pytest.mark.timeout(900)
async def test_the_image_serves_with_a_read_only_root(image: str, unused_tcp_port: int) -> None:
    """As docs/deployment.md starts it: not root, nothing but /data can be written, healthy, and it stops in order."""
    name = f"amazon-token-test-{unused_tcp_port}"
    async with Sandbox(ROOT / "manifest.yml", ack_limit=60) as slack:
        settings = {
            "SLACK_BOT_TOKEN": slack.token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url,
            "SUPPORT_CHANNEL_ID": "C0SUPPORT", "PORT": str(unused_tcp_port),
        }  # fmt: skip
        started = await asyncio.to_thread(
            _docker, "run", "--detach", "--name", name, "--network", "host", "--read-only", "--tmpfs", "/tmp",  # noqa: S108
            "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--health-interval", "1s", "--volume",
            f"{name}:/data", *(f"--env={key}={value}" for key, value in settings.items()), image,
        )  # fmt: skip
        try:
            assert started.returncode == 0, started.stderr
            await slack.sockets.wait_until_connected()

            async def healthy() -> bool:
                said = await asyncio.to_thread(_docker, "inspect", "--format", "{{.State.Health.Status}}", name)
                return said.stdout.strip() == "healthy"

            await until(healthy, "the container to be healthy")
            assert (await asyncio.to_thread(_docker, "exec", name, "id", "-u")).stdout.strip() == "10001"
            assert (await asyncio.to_thread(_docker, "exec", name, "touch", "/opt/x")).returncode != 0
            backed_up = await asyncio.to_thread(_docker, "exec", name, "amazon-token", "backup", "/data/copy.db")
            assert backed_up.returncode == 0, backed_up.stderr
            await asyncio.to_thread(_docker, "stop", name)
            code = (await asyncio.to_thread(_docker, "inspect", "--format", "{{.State.ExitCode}}", name)).stdout
            assert code.strip() == "0"
        finally:
            await asyncio.to_thread(_docker, "rm", "--force", "--volumes", name)
            await asyncio.to_thread(_docker, "volume", "rm", "--force", name)


# The systemd unit


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that exists here."""
    file = tmp_path / "amazon-token.service"
    file.write_text(UNIT.replace(PROGRAM, "/bin/true"), "utf-8")
    return file


def _values(name: str) -> list[str]:
    return re.findall(rf"(?m)^{name}=(.*)$", UNIT)


def test_the_unit_hands_secrets_over_in_files() -> None:
    """Each credential is named by its `_FILE` twin, no secret is in the environment, and the settings exist."""
    variables: dict[str, Any] = dict(line.split("=", 1) for line in _values("Environment"))
    twins = {f"{name}{SUFFIX}".upper(): name for name in secret_names(SETTINGS)}
    loaded = [line.partition(":")[0] for line in _values("LoadCredential")]
    assert {name: value for name, value in variables.items() if name in twins} == {
        f"{name}{SUFFIX}".upper(): f"%d/{name}" for name in loaded
    }
    others = {name for name in variables if name not in twins and not name.startswith("PYTHON")}
    assert others <= {name.upper() for name in SETTINGS.model_fields} - set(map(str.upper, twins.values()))
    (database,) = (value for name, value in variables.items() if name == "DATABASE_URL")
    assert Path(database.removeprefix("sqlite:///")).parent == Path(_values("ReadWritePaths")[0])
    assert _values("ExecStart") == [f"{PROGRAM} serve"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit_and_finds_it_hardened(unit: Path) -> None:
    """No directive is unknown or misspelt, and the exposure is at most 2 of 10."""
    for arguments in (("verify",), ("security", "--offline=true", "--threshold=20")):
        ran = subprocess.run(["systemd-analyze", *arguments, str(unit)], capture_output=True, text=True, check=False)  # noqa: S603, S607
        if "Unknown command" in ran.stderr or "unrecognized option" in ran.stderr:
            pytest.skip(f"this systemd-analyze cannot do {arguments[0]}")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert str(unit) not in ran.stderr
