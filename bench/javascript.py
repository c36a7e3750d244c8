"""The JavaScript peer as a process that is asked line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
#: Packages live outside what git keeps.
PACKAGES = ROOT / ".guildmark" / "bench"
SHIPPED = ROOT / "src" / "guildmark" / "protocol" / "contexts"


class PeerMissing(Exception):
    """A peer is not at hand; the message says how to get it."""


def node() -> str:
    """The path of a Node that is new enough."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        raise PeerMissing("Node and npm are missing: install Node 20 or later (https://nodejs.org) and run again.")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < 20:
        raise PeerMissing(f"Node {version} is too old: install Node 20 or later and run again.")
    return found


def install() -> None:
    """Fetch the packages of package.json once."""
    stamp = PACKAGES / ".installed"
    wanted = (HERE / "package.json").read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    PACKAGES.mkdir(parents=True, exist_ok=True)
    (PACKAGES / "package.json").write_text(wanted, "utf-8")
    command = ["npm", "install", "--silent", "--no-package-lock", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=PACKAGES).returncode != 0:
        raise PeerMissing(
            "npm could not install the packages named in bench/package.json: the network must reach the package registry."
        )
    stamp.write_text(wanted, "utf-8")


class Peer:
    """A running Node with the peer's libraries loaded."""

    def __init__(self) -> None:
        program = node()
        install()
        command = [program, "--expose-gc", str(HERE / "digitalbazaar.mjs"), str(PACKAGES), str(SHIPPED)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command: str, **rest: Any) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"command": command, **rest}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PeerMissing("Node ended: see its message above.")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"The JavaScript peer failed: {answer['error']}")
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=30)


def versions() -> dict[str, str]:
    """What is installed, by name."""
    names = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    return {name: names[name] for name in sorted(names) if "context" not in name}
