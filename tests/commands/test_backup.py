"""The drill: back up, bring back somewhere else, and prove that it is the same and works."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import sqlite3
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from guildmark.config import load
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.site import archive
from tests.issue.builders import issued
from tests.people.builders import Org

ROOT = Path(__file__).resolve().parents[2]
BUILD = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.people.builders import Org
from tests.issue.builders import issued
view = issued(Org("northlamp"))
print(view.public_id)
"""


def run(data: Path, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "GUILDMARK_DATA": str(data), "DJANGO_SETTINGS_MODULE": "guildmark.settings"}
    env.pop("GUILDMARK_DATABASE_URL", None)
    env |= {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "GUILDMARK_DEV": "1", **extra}
    return subprocess.run(
        [sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    """An SQLite installation with one credential, its archive, and what was restored from it."""
    home = tmp_path_factory.mktemp("drill")
    old, new, file = home / "old", home / "new", home / "backup.tar.gz"
    built = run(old, "-c", BUILD)
    assert built.returncode == 0, built.stderr
    backed = run(old, "-m", "guildmark", "backup", str(file))
    assert backed.returncode == 0, backed.stderr
    restored = run(new, "-m", "guildmark", "restore", str(file))
    return {
        "old": old,
        "new": new,
        "file": file,
        "backed": backed,
        "restored": restored,
        "id": built.stdout.strip(),
    }


def test_a_backup_can_be_read_by_its_owner_only_and_says_what_it_holds(drill):
    assert stat.S_IMODE(drill["file"].stat().st_mode) == 0o600
    assert "root key" in drill["backed"].stdout
    with tarfile.open(drill["file"]) as tar:
        names = set(tar.getnames())
        manifest = json.load(tar.extractfile("manifest.json"))
        for name, stated in manifest["members"].items():
            assert hashlib.sha256(tar.extractfile(name).read()).hexdigest() == stated["sha256"]
    assert {"database.sqlite3", "root.key", "secret.key", "manifest.json"} <= names
    assert any(name.startswith("files/") for name in names)
    assert manifest["counts"]["issue_credential"] == 1


def test_what_is_restored_is_checked_and_is_the_same(drill):
    out = drill["restored"].stdout
    assert drill["restored"].returncode == 0, drill["restored"].stderr + out
    assert "WRONG" not in out
    assert "the root key opens every signing key" in out
    stored = []
    for place in ("old", "new"):
        base = sqlite3.connect(drill[place] / "guildmark.sqlite3")
        stored.append(base.execute("SELECT body FROM issue_credential").fetchall())
        base.close()
    assert stored[0] == stored[1]
    for path in (drill["old"] / "files").rglob("*"):
        if path.is_file():
            assert (drill["new"] / path.relative_to(drill["old"])).read_bytes() == path.read_bytes()
    assert stat.S_IMODE((drill["new"] / "root.key").stat().st_mode) == 0o600


def test_the_doctor_finds_the_restored_installation_sound(drill):
    done = run(drill["new"], "-m", "guildmark", "doctor", "--json")
    levels = {finding["about"]: finding["level"] for finding in json.loads(done.stdout)}
    assert levels["root key"] == levels["database"] == levels["audit"] == levels["log of standards"] == "ok"


def test_the_doctor_tells_another_root_key_and_open_rights(drill):
    key = drill["new"] / "root.key"
    right = key.read_text()
    key.write_text(secrets.token_hex(32))
    key.chmod(0o644)
    try:
        done = run(drill["new"], "-m", "guildmark", "doctor")
    finally:
        key.write_text(right)
        key.chmod(0o600)
    assert done.returncode == 1
    assert "the root key does not open 2 signing keys" in done.stdout
    assert "can be read by others" in done.stdout


def test_a_lost_root_key_is_told_and_no_new_one_is_made(drill):
    key, aside = drill["new"] / "root.key", drill["new"] / "root.key.aside"
    key.rename(aside)
    try:
        doctor = run(drill["new"], "-m", "guildmark", "doctor")
        serve = run(drill["new"], "-m", "guildmark", "serve", "--port", "0")
        assert not key.exists()
    finally:
        aside.rename(key)
    assert doctor.returncode == 1
    assert f"The root key is not at {key}" in doctor.stdout
    assert serve.returncode == 2
    assert "Put it back from a backup" in serve.stderr


def test_it_restores_into_an_empty_directory_only(drill, tmp_path):
    (tmp_path / "something").write_text("here")
    with pytest.raises(Conflict):
        archive.extract(drill["file"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


def test_it_never_overwrites_a_backup(drill):
    with pytest.raises(Conflict):
        archive.write(drill["file"], load())


def rewritten(source: Path, target: Path, change) -> Path:
    """A copy of an archive whose members passed through ``change(name, body) -> (name, body) or None``."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            kept = change(member.name, old.extractfile(member).read())
            if kept is not None:
                info = tarfile.TarInfo(kept[0])
                info.size = len(kept[1])
                new.addfile(info, io.BytesIO(kept[1]))
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda name, body: (name, bytes([body[0] ^ 1]) + body[1:]) if name == "root.key" else (name, body),
        lambda name, body: None if name == "root.key" else (name, body),
        lambda name, body: None if name == "manifest.json" else (name, body),
        lambda name, body: ("../root.key" if name == "root.key" else name, body),
        lambda name, body: ("/tmp/root.key" if name == "root.key" else name, body),
        lambda name, body: ("files/../../x" if name == "root.key" else name, body),
        lambda name, body: (name, b"{}") if name == "manifest.json" else (name, body),
    ],
    ids=["changed", "missing", "no manifest", "parent", "absolute", "inner parent", "empty manifest"],
)
def test_a_doctored_archive_leaves_nothing_behind(drill, tmp_path, change):
    file = rewritten(drill["file"], tmp_path / "bad.tar.gz", change)
    with pytest.raises(Invalid):
        archive.extract(file, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_a_link_in_an_archive_is_refused(tmp_path):
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("root.key")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(Invalid):
        archive.extract(tmp_path / "bad.tar.gz", tmp_path / "new")


@pytest.mark.parametrize("cut", [0, 100, 5000])
def test_a_cut_archive_is_refused(drill, tmp_path, cut):
    (tmp_path / "cut.tar.gz").write_bytes(drill["file"].read_bytes()[:cut])
    with pytest.raises(Invalid):
        archive.extract(tmp_path / "cut.tar.gz", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.django_db(transaction=True)
def test_rows_carry_a_database_of_either_engine_over(tmp_path, monkeypatch):
    """Written row by row from the database of this run, brought back into an empty one of the same engine."""
    from django.db import connection

    issued(Org("northlamp"))
    monkeypatch.setattr(archive, "copy_sqlite", archive.copy_rows)
    monkeypatch.setattr(archive, "SQLITE", archive.ROWS)
    archive.write(tmp_path / "rows.tar.gz", load())
    extra = {}
    if connection.vendor == "postgresql":
        name = f"restored_{secrets.token_hex(4)}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        own = urlsplit(os.environ["GUILDMARK_DATABASE_URL"])
        extra["GUILDMARK_DATABASE_URL"] = own._replace(path=f"/{name}").geturl()
    done = run(tmp_path / "new", "-m", "guildmark", "restore", str(tmp_path / "rows.tar.gz"), **extra)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "WRONG" not in done.stdout
