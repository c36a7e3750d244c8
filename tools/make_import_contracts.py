"""Write .importlinter from the list of rooms: floors, the pure cellars, and private modules per room."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = [
    "guildmark.site",
    "guildmark.connect",
    "guildmark.wallet | guildmark.verify",
    "guildmark.issue",
    "guildmark.assess",
    "guildmark.design | guildmark.keys | guildmark.notify",
    "guildmark.people | guildmark.skills",
    "guildmark.kernel",
    "guildmark.protocol | guildmark.psychometrics",
]
ROOMS = [
    "people",
    "skills",
    "design",
    "keys",
    "notify",
    "assess.evidence",
    "issue",
    "wallet",
    "verify",
    "connect.vcapi",
]
PRIVATE = ["models", "pages", "api", "tasks", "forms", "policies", "states", "adapters"]
# Where an organisation's keys sign; keys.conformance is the faces' own door.
ISSUING = ["keys.actions", "keys.queries", "keys.custody", "issue"]
# The composition root mounts what rooms offer: their address tables and their API routers.
MOUNTED = {"api"}


def contracts() -> str:
    lines = ["[importlinter]", "root_package = guildmark", "include_external_packages = True", ""]
    lines += ["[importlinter:contract:floors]", "name = Imports go down only", "type = layers", "layers ="]
    lines += [f"    {floor}" for floor in FLOORS]
    lines += ["", "[importlinter:contract:cellar]", "name = The cellars are pure", "type = forbidden"]
    lines += ["source_modules =", "    guildmark.protocol", "    guildmark.psychometrics"]
    lines += ["forbidden_modules =", "    django", "    ninja"]
    lines += [
        "    guildmark.config",
        "    guildmark.settings",
        "    httpcore",
        "    psycopg",
        "allow_indirect_imports = True",
    ]
    lines += [
        "",
        "[importlinter:contract:faces]",
        "name = The conformance faces sign with their own keys only",
    ]
    lines += ["type = forbidden", "source_modules =", "    guildmark.connect.vcapi", "forbidden_modules ="]
    lines += [f"    guildmark.{module}" for module in ISSUING]
    lines += ["allow_indirect_imports = True"]
    for room in ROOMS:
        package = f"guildmark.{room}"
        folder = ROOT / "src" / package.replace(".", "/")
        modules = [m for m in PRIVATE if (folder / f"{m}.py").exists() or (folder / m).is_dir()]
        if not modules:
            continue
        lines += [
            "",
            f"[importlinter:contract:{room}]",
            f"name = {room} keeps its own modules",
            "type = protected",
        ]
        lines += ["protected_modules =", *[f"    {package}.{m}" for m in modules]]
        lines += [
            "allowed_importers =",
            f"    {package}",
            *(["    guildmark.site.api"] if MOUNTED & set(modules) else []),
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / ".importlinter").write_text(contracts(), "utf-8")
