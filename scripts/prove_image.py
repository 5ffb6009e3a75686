"""Replays the Dockerfile without a container engine, and shows that what it makes runs as it promises.

Each stage becomes a folder with its own root (chroot), in which the machine's own /usr, Node and Python stand in for
the base images. The last one is started as the Dockerfile's user, without capabilities, on a read-only file system.
Needs root on Linux. It does not show that the base images can be had, nor anything about a container engine's own work.

    sudo python scripts/prove_image.py
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parents[1]
PORT = "8731"
SHOWN_AS_THEY_ARE = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/dev", sys.base_prefix)


class Stage:
    """A root folder, and what the Dockerfile has said of it so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = "/"
        self.user: str | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SAFESPACE_")},
            "PATH": f"{sys.base_prefix}/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "npm_config_cache": "/tmp/npm",
        }
        self.commands: dict[str, list[str]] = {}
        for shown in SHOWN_AS_THEY_ARE:
            self._show(shown)
        settings = Path.home() / ".npmrc"
        (root / "root").mkdir(exist_ok=True)
        if settings.exists():
            shutil.copy(settings, root / "root/.npmrc")
        for name, kind in (("proc", "proc"), ("tmp", "tmpfs")):
            (root / name).mkdir(exist_ok=True)
            run("mount", "-t", kind, kind, str(root / name))

    def _show(self, path: str) -> None:
        source, target = Path(path), self.root / path.lstrip("/")
        if source.is_symlink():
            target.symlink_to(source.readlink())
        elif source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            run("mount", "--rbind", path, str(target))
            run("mount", "-o", "remount,bind,ro", str(target))

    def command(self, words: list[str]) -> list[str]:
        """`words` as this stage's user would run them in its root."""
        as_user: list[str] = []
        if self.user:
            user, group = self.user.split(":")
            as_user = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"]
            as_user += ["--bounding-set=-all", "--inh-caps=-all"]
        return ["chroot", str(self.root), *as_user, "sh", "-c", f'cd {self.folder} && exec "$@"', "sh", *words]

    def inside(self, path: str) -> Path:
        """Where `path`, as seen in the stage, is on this machine."""
        return self.root / os.path.normpath(os.path.join(self.folder, path)).lstrip("/")

    def copy(self, sources: list[Path], target: str) -> None:
        to = self.inside(target)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, to, symlinks=True, dirs_exist_ok=True)
            else:
                to.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, to)


def run(*words: str) -> None:
    subprocess.run(words, check=True)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def replay(dockerfile: str, context: Path, work: Path) -> Stage:
    """Carry out each instruction; gives the last stage. An unknown instruction is an error."""
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for name, rest in instructions(dockerfile):
        print(f"  {name} {rest}"[:118], flush=True)
        if name == "FROM":
            root = work / str(len(stages))
            root.mkdir()
            stage = stages[rest.partition(" AS ")[2] or "last"] = Stage(root)
            continue
        if stage is None:
            raise SystemExit("The Dockerfile does not begin with FROM")
        match name:
            case "WORKDIR":
                stage.folder = rest
                stage.inside(".").mkdir(parents=True, exist_ok=True)
            case "COPY":
                origin, words = context, shlex.split(rest)
                if words[0].startswith("--from="):
                    origin = stages[words.pop(0).removeprefix("--from=")].root
                stage.copy([origin / word.lstrip("/") for word in words[:-1]], words[-1])
            case "RUN":
                subprocess.run(stage.command(["sh", "-ec", rest]), env=stage.environment, check=True)
            case "ENV":
                key, _, value = rest.partition("=")
                stage.environment[key] = value.replace("$PATH", stage.environment["PATH"])
            case "USER":
                stage.user = rest
            case "HEALTHCHECK" | "ENTRYPOINT" | "CMD":
                stage.commands[name] = json.loads(re.sub(r"^.*?(?=\[)", "", rest))
            case "VOLUME" | "EXPOSE":
                pass
            case _:
                raise SystemExit(f"{name} is not known here")
    if stage is None:
        raise SystemExit("The Dockerfile is empty")
    return stage


def seal(stage: Stage) -> None:
    """Make the whole root read-only but /data and /tmp."""
    run("mount", "--bind", str(stage.root / "data"), str(stage.root / "data"))
    root = str(stage.root)
    run("mount", "--rbind", root, root)
    run("mount", "-o", "remount,bind,ro", root)


def answers(path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=5) as answer:
        body: bytes = answer.read()
        return body.decode()


def prove(stage: Stage) -> None:
    stage.folder = "/"
    stage.environment["SAFESPACE_PORT"] = PORT
    words = stage.commands["ENTRYPOINT"] + stage.commands["CMD"]
    for start in ("on an empty volume", "again on the same volume"):
        server = subprocess.Popen(stage.command(words), env=stage.environment)
        try:
            wait_until_ready(server)
            subprocess.run(stage.command(stage.commands["HEALTHCHECK"]), env=stage.environment, check=True)
            assert "integrity=" in answers("/"), "the pages are not there"
        finally:
            server.terminate()
        assert server.wait(20) in (0, -15), f"ended with {server.returncode}"
        print(f"Started {start}: healthy, serves the pages, ends on SIGTERM")
    for path, allowed in (("/data/x", True), ("/x", False), ("/opt/safespace/x", False), ("/etc/x", False)):
        tried = subprocess.run(stage.command(["touch", path]), env=stage.environment, capture_output=True, check=False)
        assert (tried.returncode == 0) is allowed, path
    print("Nothing but /data (and /tmp) can be written")
    tools = [tool for tool in ("pip", "hatchling", "npm") if (stage.root / "opt/safespace/bin" / tool).exists()]
    assert not tools, tools
    print("No build tools came along")


def wait_until_ready(server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            answers("/readyz")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not become ready")


def tracked(context: Path) -> None:
    """What git knows of, as the build context."""
    archive = subprocess.run(["git", "-C", str(HERE), "archive", "HEAD"], check=True, capture_output=True).stdout
    context.mkdir()
    subprocess.run(["tar", "-x", "-C", str(context)], input=archive, check=True)


def main() -> None:
    if "--inside" not in sys.argv:
        in_own_namespaces()
    work = Path(tempfile.mkdtemp(prefix="safespace-image-"))
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(work))
    tracked(work / "context")
    stage = replay((HERE / "Dockerfile").read_text(encoding="utf-8"), work / "context", work)
    seal(stage)
    prove(stage)


def in_own_namespaces() -> NoReturn:
    """Start over where mounts and processes are this script's own and vanish with it."""
    if os.geteuid() != 0:
        raise SystemExit("This needs root, as it mounts and changes its root folder.")
    words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    os.execvp(words[0], [*words, sys.executable, __file__, "--inside"])  # noqa: S606


if __name__ == "__main__":
    main()
