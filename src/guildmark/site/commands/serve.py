"""``guildmark serve``: database, secrets, web server and worker under one roof."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from guildmark.config import ConfigError, default_data_dir, fix_installation

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (compared with, not bound to)

#: As many as can work side by side, and as many again that wait for the database.
THREADS = min(8, 2 * (os.cpu_count() or 1))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--base-url", help="public address, fixed at the first start (default http://localhost:PORT)"
    )
    parser.add_argument(
        "--dev", action="store_true", help="allow signing on a loopback address, show the style guide"
    )
    parser.add_argument("--threads", type=int, default=THREADS, help="threads of the web server")


def run(args: argparse.Namespace) -> int:
    if args.dev:
        os.environ["GUILDMARK_DEV"] = "1"
    prepare(args)
    from guildmark.config import load
    from guildmark.people import queries

    config = load()
    lines = [f"Guildmark serves {config.base_url}"]
    if not queries.is_set_up():
        from guildmark.config import secret_file

        token = secret_file(config.data_dir / "setup.token", 12)
        lines.append(f"Nothing is set up yet. Begin here: {config.base_url}/setup?token={token}")
    if not config.may_sign:
        lines.append(
            "A loopback address means nothing to others, so nothing will be signed. "
            "Give --base-url https://... for real use, or --dev to try things out."
        )
    return supervise(args, lines)


def prepare(args: argparse.Namespace) -> None:
    """Fix the base URL once, check the port, set Django up and bring the database up to date."""
    check_port(args.host, args.port)
    data_dir = default_data_dir()
    wanted = args.base_url or os.environ.get("GUILDMARK_BASE_URL") or f"http://localhost:{args.port}"
    fixed = fix_installation(data_dir, base_url=wanted)
    if args.base_url and fixed["base_url"] != args.base_url.rstrip("/"):
        raise ConfigError(
            f"--base-url: this installation was begun as {fixed['base_url']}, which is part of every credential "
            "it signed. Leave the option out, or begin a new installation with another --data directory."
        )
    from guildmark.config import load

    load.cache_clear()
    from guildmark.site.commands import _django

    _django.setup()
    _django.migrate()
    from guildmark.kernel import crypto

    crypto.ensure_root_key()


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"--port: {port} cannot be used ({error.strerror}). Choose another port."
            ) from error


def web_command(args: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", args.host, "--port", str(args.port),
        "--workers", "1", "--blocking-threads", str(args.threads), "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "guildmark.wsgi:application",
    ]  # fmt: skip


def supervise(args: argparse.Namespace, lines: list[str]) -> int:
    """Start web and worker, print ``lines`` once the server answers, and stop both together."""
    commands = {
        "web": web_command(args),
        "worker": [sys.executable, "-m", "guildmark", "worker", "--with-parent"],
    }
    children = {name: subprocess.Popen(command) for name, command in commands.items()}
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code = 0
    if wait_ready(args, children["web"]):
        print("\n".join(lines), flush=True)
    while not stopping:
        for name, child in children.items():
            if child.poll() is None:
                continue
            if name == "web":
                print(f"The web server ended with code {child.returncode}.", file=sys.stderr)
                stopping, code = True, 1
            else:
                time.sleep(1)
                children[name] = subprocess.Popen(commands[name])
                break
        time.sleep(0.5)
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=8)
        except subprocess.TimeoutExpired:
            child.kill()
    return code


def wait_ready(args: argparse.Namespace, web: subprocess.Popen[bytes]) -> bool:
    """True once /healthz answers; False when the server ends first or is silent for a minute."""
    host = args.host if args.host not in EVERYWHERE else "127.0.0.1"
    for _ in range(600):
        if web.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://{host}:{args.port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
