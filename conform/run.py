"""./run conform ADDRESS|DIRECTORY ...: check credentials with verifiers that other people wrote (needs Node 20 or later).
./run conform --face RECORD: check the conformance face, whose record "guildmark vc-api" wrote, in both directions.
./run conform hostile [NUMBER]: hold canonical forms of generated documents against jsonld.js and rdf-canonize.

The packages named in package.json are installed beside this file at the first run. Everything after that works
without a network except for the installation that is being checked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def stop(message: str) -> None:
    print(message, file=sys.stderr)
    raise SystemExit(2)


def node() -> str:
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        stop("Node and npm are missing: install Node 20 or later (https://nodejs.org) and run again.")
    version = subprocess.run([str(found), "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < 20:
        stop(f"Node {version.strip()} is too old: 20 or later is needed.")
    return str(found)


def install() -> None:
    stamp = HERE / "node_modules" / ".installed"
    wanted = (HERE / "package.json").read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    print("Installing the verifiers named in conform/package.json (once) ...", flush=True)
    done = subprocess.run(["npm", "install", "--silent"], cwd=HERE)
    if done.returncode != 0:
        stop("npm could not install the verifiers; the network must reach the package registry.")
    stamp.write_text(wanted, "utf-8")


def face(program: str, record: Path) -> int:
    """The face stands on TLS with a certificate of its own, which lies beside its record."""
    if not record.is_file():
        stop("--face needs the implementation record that \"guildmark vc-api\" printed.")
    trusted = {**os.environ, "NODE_EXTRA_CA_CERTS": str(record.parent / "certificate.pem")}
    return subprocess.run([program, "face.mjs", str(record)], cwd=HERE, env=trusted).returncode


def hostile(program: str, number: int) -> int:
    """Hold the canonical forms of generated documents against jsonld.js and rdf-canonize."""
    sys.path.insert(0, str(HERE))
    import hostile as generated

    with tempfile.TemporaryDirectory(prefix="guildmark-conform-") as scratch:
        path = Path(scratch) / "documents.jsonl"
        count = generated.write(path, number)
        print(f"{count} documents with an answer of the fast ways, out of {2 * number}", flush=True)
        return subprocess.run([program, "canonical.mjs", str(path)], cwd=HERE).returncode


def main() -> int:
    if len(sys.argv) < 2:
        stop(__doc__ or "")
    program = node()
    install()
    if sys.argv[1] == "--face":
        return face(program, Path(*sys.argv[2:3]).resolve())
    if sys.argv[1] == "hostile":
        return hostile(program, int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
    targets = [str(Path(item).resolve()) if Path(item).exists() else item for item in sys.argv[1:]]
    outcome = subprocess.run([program, "run.mjs", *targets], cwd=HERE).returncode
    if targets[0].startswith(("http://", "https://")):
        addresses = [item for item in targets if item.startswith(("http://", "https://", "/c/"))]
        outcome |= subprocess.run([sys.executable, "openbadges2.py", *addresses], cwd=HERE).returncode
    return outcome


if __name__ == "__main__":
    raise SystemExit(main())
