"""One typed configuration, read from the environment and the data directory.

Every field has a working default. What must not change after the first start (the base URL, which is part of
every signed identifier) is written to ``installation.json`` in the data directory and wins over the
environment from then on (DECISIONS 1).
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


class ConfigError(Exception):
    """A setting is unusable; the message names it and the mend."""


@dataclass(frozen=True)
class Config:
    """All settings of one installation. Paths are absolute; sizes are bytes; times are seconds."""

    data_dir: Path
    base_url: str
    dev: bool
    demo: bool
    database_url: str
    root_key_file: Path
    mail_url: str
    mail_from: str
    max_upload_bytes: int
    allowed_egress: tuple[str, ...]
    ca_bundle: str
    trusted_proxies: int
    language: str
    vc_api: bool

    @property
    def host(self) -> str:
        """Host name of the base URL, without the port."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK_HOSTS

    @property
    def may_sign(self) -> bool:
        """A loopback base may sign only in development: its identifiers mean nothing to anybody else."""
        return self.dev or not self.is_loopback

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in TRUE_WORDS


def clean_base_url(value: str) -> str:
    """Return ``scheme://host[:port]`` without a trailing slash; http is allowed on loopback only."""
    parts = urlsplit(value.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"GUILDMARK_BASE_URL: {value!r} is not an address such as https://credentials.example"
        )
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ConfigError("GUILDMARK_BASE_URL: give the scheme and the host only, without a path")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ConfigError("GUILDMARK_BASE_URL: http is possible on loopback only; use https")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def installation_file(data_dir: Path) -> Path:
    return data_dir / "installation.json"


def read_installation(data_dir: Path) -> dict[str, str]:
    """What was fixed at the first start; empty before it."""
    path = installation_file(data_dir)
    if not path.exists():
        return {}
    return dict(json.loads(path.read_text("utf-8")))


def fix_installation(data_dir: Path, *, base_url: str) -> dict[str, str]:
    """Write the base URL once; later calls return what was written and never change it."""
    existing = read_installation(data_dir)
    if existing:
        return existing
    data_dir.mkdir(parents=True, exist_ok=True)
    fixed = {"base_url": clean_base_url(base_url)}
    installation_file(data_dir).write_text(json.dumps(fixed, indent=1), "utf-8")
    return fixed


def secret_file(path: Path, size: int = 32) -> str:
    """Read a secret from a 0600 file, made on first use."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text("ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(size))
            file.flush()
            os.fsync(file.fileno())
    return path.read_text("ascii").strip()


def default_data_dir() -> Path:
    return Path(os.environ.get("GUILDMARK_DATA") or Path.cwd() / ".guildmark" / "data").resolve()


@lru_cache(maxsize=1)
def load() -> Config:
    """The configuration of this process."""
    data_dir = default_data_dir()
    base = read_installation(data_dir).get("base_url") or os.environ.get("GUILDMARK_BASE_URL")
    base_url = clean_base_url(base or "http://localhost:8000")
    root_key = os.environ.get("GUILDMARK_ROOT_KEY_FILE")
    return Config(
        data_dir=data_dir,
        base_url=base_url,
        dev=flag("GUILDMARK_DEV") or flag("GUILDMARK_DEMO"),
        demo=flag("GUILDMARK_DEMO"),
        database_url=os.environ.get("GUILDMARK_DATABASE_URL")
        or f"sqlite:///{data_dir / 'guildmark.sqlite3'}",
        root_key_file=Path(root_key).resolve() if root_key else data_dir / "root.key",
        mail_url=os.environ.get("GUILDMARK_MAIL_URL", "console:"),
        mail_from=os.environ.get(
            "GUILDMARK_MAIL_FROM", f"Guildmark <no-reply@{urlsplit(base_url).hostname}>"
        ),
        max_upload_bytes=int(os.environ.get("GUILDMARK_MAX_UPLOAD_MB", "512")) * 1024 * 1024,
        allowed_egress=tuple(filter(None, os.environ.get("GUILDMARK_EGRESS_ALLOW", "").split(","))),
        ca_bundle=os.environ.get("GUILDMARK_CA_BUNDLE", ""),
        trusted_proxies=int(os.environ.get("GUILDMARK_TRUSTED_PROXIES", "0")),
        language=os.environ.get("GUILDMARK_LANGUAGE", "en"),
        vc_api=flag("GUILDMARK_VC_API"),
    )
