"""The wheel is all that an installation needs: it is built, installed alone, and put to work far from the checkout."""

import ast
import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from zipfile import ZipFile

import aiohttp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.sandbox.server import Sandbox

ROOT = Path(__file__).parent.parent
MOST_BYTES = 120_000_000
"""On the disk, in blocks of 4 KiB, without pip and setuptools."""
INSTALLERS = frozenset({"pip", "setuptools"})
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
LIMIT = 60
"""Seconds that a command, or what is waited for, may take on a busy machine."""
IMPORTS = """
import importlib, json, sys
import bot, conversations
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps([bot.__file__, conversations.__file__, sys.path]))
"""


def _do(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=LIMIT)  # noqa: S603 - ours
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def _program() -> set[str]:
    """Every file of the program, by its path in the checkout."""
    found = {file for package in ("bot", "conversations") for file in (ROOT / package).rglob("[!.]*")}
    return {str(file.relative_to(ROOT)) for file in found if file.is_file() and file.parent.name != "__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what it is made of, so that nothing is left in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*_program(), "LICENSE", "README.md", "manifest.yml", "pyproject.toml"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name, follow_symlinks=False)
    _do(*PIP, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", out, source, cwd=out)
    (built,) = out.glob("*.whl")
    return built


def _needed(requires: Iterable[str] | None, extras: frozenset[str], known: set[str]) -> Iterator[Distribution]:
    """What is declared, with all that this declares in turn, as it is installed here."""
    for requirement in map(Requirement, requires or ()):
        marker, name = requirement.marker, canonicalize_name(requirement.name)
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            found = distribution(name)
            assert requirement.specifier.contains(found.version, prereleases=True), (requirement, found.version)
            wanted = frozenset({"", *requirement.extras})
            if name not in INSTALLERS and not {f"{name}[{extra}]" for extra in wanted} <= known:
                known.update(f"{name}[{extra}]" for extra in wanted)
                yield found
                yield from _needed(found.requires, wanted, known)


@pytest.fixture
def environment(wheel: Path, tmp_path: Path) -> Path:
    """An empty environment with the wheel and with what it declares to need, copied from here: no network is asked."""
    made = tmp_path / "environment"
    _do(sys.executable, "-m", "venv", "--without-pip", made, cwd=tmp_path)
    _do(*PIP, "--python", made / "bin" / "python", "install", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    (packages,) = made.glob("lib/python*/site-packages")
    (installed,) = distributions(path=[str(packages)])
    for one in _needed(installed.requires, frozenset({""}), set()):
        for file in one.files or ():
            if ".." not in file.parts:
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file.locate(), packages / file)
    return made


POSTGRES = "bot/store/postgres"
"""Where the modules begin that need the extra `postgres`."""


def _imported() -> set[str]:
    """Every module that the program imports anywhere, also within a function, but for those that need an extra."""
    files = [name for name in _program() if name.endswith(".py") and not name.startswith(POSTGRES)]
    texts = [(ROOT / name).read_text("utf-8") for name in files]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name for name in named if not name.startswith(POSTGRES.replace("/", "."))}


def _bytes_on_disk(folder: Path) -> int:
    sizes = (file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return sum(-(-size // 4096) * 4096 for size in sizes)


class _Installation:
    """The installed commands, run in an empty folder, in an environment in which nothing else is named."""

    def __init__(self, environment: Path, folder: Path, settings: dict[str, str]) -> None:
        self._bin = environment / "bin"
        self._folder = folder
        self._settings = {"PATH": os.defpath, "LANG": "C.UTF-8", **settings}

    async def start(self, name: str, *arguments: str, out: int) -> asyncio.subprocess.Process:
        """Start a program of the environment."""
        return await asyncio.create_subprocess_exec(
            self._bin / name, *arguments, cwd=self._folder, env=self._settings, stdout=out, stderr=out
        )

    async def say(self, name: str, *arguments: str) -> str:
        """What a program prints; it has to end with 0."""
        running = await self.start(name, *arguments, out=asyncio.subprocess.PIPE)
        try:
            async with _waiting(f"{name} {arguments} to end"):
                said, wrong = await running.communicate()
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
        assert running.returncode == 0, said.decode() + wrong.decode()
        return said.decode()


@asynccontextmanager
async def _waiting(what: str, log: Path | None = None) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(LIMIT):
            yield
    except TimeoutError:
        pytest.fail(f"waited {LIMIT} s for {what}\n{_text(log) if log else ''}")


def _text(log: Path) -> str:
    return log.read_text("utf-8")


def _port(log: Path) -> int | None:
    """Where the bot listens, once its log says that it is ready."""
    events = [json.loads(line) for line in _text(log).split("\n")[:-1]]
    return next((int(event["port"]) for event in events if event["event"] == "ready"), None)


@asynccontextmanager
async def _serving(installation: _Installation, log: Path) -> AsyncIterator[int]:
    """The port of a bot that is ready; at the end of the block it has to stop in good order."""
    with log.open("wb") as stream:
        running = await installation.start("amazon-token", "serve", out=stream.fileno())
    try:
        async with _waiting("the bot to be ready", log):
            while (port := _port(log)) is None:
                assert running.returncode is None, _text(log)
                await asyncio.sleep(0.05)
        yield port
        running.terminate()
        async with _waiting("the bot to stop", log):
            assert await running.wait() == 0, _text(log)
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


def test_every_file_of_the_program_is_in_the_wheel(wheel: Path) -> None:
    """Code, texts, drawings, the sandbox's page and the manifest; and nothing else."""
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert archive.read("bot/manifest.yml") == (ROOT / "manifest.yml").read_bytes()
    assert packed == _program()


async def test_the_wheel_alone_plays_and_serves(environment: Path, tmp_path: Path) -> None:
    """In an empty environment, with what it declares and nothing else, and far from the checkout.

    Every import that is written anywhere in the program succeeds, a story plays to its end, `check` finds no fault,
    pictures are drawn, a bot serves and stops; all within 120 MB.
    """
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    async with Sandbox(ROOT / "manifest.yml") as slack:
        settings = {
            "SLACK_BOT_TOKEN": slack.token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url,
            "SUPPORT_CHANNEL_ID": "C0SUPPORT", "PORT": "0", "LOG_FORMAT": "json",
        }  # fmt: skip
        installation = _Installation(environment, folder, settings)
        *modules, path = json.loads(await installation.say("python", "-I", "-c", IMPORTS, *_imported()))
        assert all(Path(module).is_relative_to(environment) for module in modules)
        assert not any(Path(entry).is_relative_to(ROOT) for entry in path)
        assert "happy ended as it should" in await installation.say("amazon-token", "demo", "--play", "happy")
        checked = await installation.say("amazon-token", "check", "--live")
        assert "✓ manifest: " in checked
        assert "✓ scopes: complete" in checked
        await installation.say("amazon-token", "stats", "--picture", "figures.png")
        assert (folder / "figures.png").read_bytes().startswith(b"\x89PNG")
        async with _serving(installation, tmp_path / "bot.log") as port:
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                assert answer.status == 200, await answer.text()
            async with _waiting("the bot to upload a picture of a step"):
                while not slack.workspace.contents:  # noqa: ASYNC110 - the sandbox tells nobody
                    await asyncio.sleep(0.05)
        assert all(data.startswith(b"\x89PNG") for data in slack.workspace.contents.values())
    assert _bytes_on_disk(environment / "lib") <= MOST_BYTES
