"""Any CSV with one skill to a line. Columns are told by their headings in three languages, or by a mapping."""

from __future__ import annotations

from collections.abc import Mapping

from guildmark.skills.formats import tables
from guildmark.skills.formats.common import (
    Builder,
    Options,
    Package,
    Report,
    SkillRow,
    Tick,
    UnreadableFramework,
    cleaned,
    identifier,
    made_uri,
    one_line,
    several,
)
from guildmark.skills.formats.source import Source, only

FORMAT = "csv"
#: Our columns, with the headings by which they are known (compared without case, spaces and signs).
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "uri", "url", "identifier", "kennung", "identificador"),
    "name": (
        "name", "skill", "title", "label", "preferredlabel", "competency", "competence", "statement",
        "bezeichnung", "titel", "fähigkeit", "kompetenz", "nombre", "competencia", "habilidad", "título",
    ),
    "description": ("description", "definition", "text", "beschreibung", "descripción", "descripcion"),
    "code": ("code", "notation", "number", "nummer", "código", "codigo"),
    "parent": ("parent", "parentid", "broader", "parentcode", "oberbegriff", "übergeordnet", "padre"),
    "alternatives": (
        "alternatives", "altlabels", "altlabel", "synonyms", "alsoknownas", "synonyme", "sinónimos", "sinonimos",
    ),
    "keywords": ("keywords", "tags", "schlagwörter", "schlagworte", "palabrasclave"),
    "kind": ("kind", "type", "skilltype", "art", "typ", "tipo"),
    "level": ("level", "stufe", "niveau", "nivel"),
    "required": ("required", "requirement", "essential", "pflicht", "obligatorio", "requerido"),
}  # fmt: skip
ESSENTIAL = {"yes", "y", "true", "1", "x", "essential", "required", "ja", "pflicht", "sí", "si"}
OPTIONAL = {"no", "n", "false", "0", "optional", "nein", "wahl", "opcional"}


def fits(source: Source) -> bool:
    return len(source.names) == 1 and source.names[0].lower().endswith((".csv", ".tsv", ".txt"))


def _folded(heading: str) -> str:
    return "".join(c for c in heading.casefold() if c.isalnum())


def guessed(heading: list[str], said: Mapping[str, str]) -> dict[str, str]:
    """Our columns -> the file's headings: what was said, then what the headings say themselves."""
    columns = {field: column for field, column in said.items() if field in FIELDS and column}
    by_fold = {_folded(column): column for column in heading}
    for field, names in FIELDS.items():
        if field in columns:
            continue
        for name in names:
            column = by_fold.get(name)
            if column is not None and column not in columns.values():
                columns[field] = column
                break
    return columns


def read(source: Source, options: Options, report: Report, tick: Tick) -> list[Package]:
    """One framework. Raises UnreadableFramework when no column names the skills."""
    name = only(source, (".csv",))
    content = source.read(name)
    heading = tables.heading(content, name)
    columns = guessed(heading, options.columns)
    if "name" not in columns:
        raise UnreadableFramework(
            f"No column of {name} names the skills. Its columns are: {', '.join(heading[:30])[:300]}.",
            field="columns",
            mend="Say which column is which, for instance name=Competency.",
        )
    title = options.title or name.rsplit(".", 1)[0].replace("_", " ").replace("-", " ").strip().capitalize()
    uri = options.uri or made_uri(FORMAT, title)
    builder = Builder(report)
    parents: list[tuple[str, str]] = []
    by_code: dict[str, str] = {}
    total = content.count(b"\n")
    for count, line in enumerate(
        tables.lines(content, name, report, wanted=tuple(columns.values())), start=1
    ):
        row = _row(line, columns, uri, options.language, report)
        builder.row(row)
        for known in (line.cells.get(columns.get("id", ""), ""), row.code, row.name):
            if known:
                by_code.setdefault(known, row.uri)
        parent = line.cells.get(columns.get("parent", ""), "")
        if parent:
            parents.append((row.uri, parent))
        if count % 500 == 0:
            tick(count, total)
    for child, parent in parents:
        builder.edge(child, "broader", parent if parent in builder.rows else by_code.get(parent, parent))
    rows, edges = builder.settled()
    package = Package(
        uri=uri,
        title=title[:300],
        format=FORMAT,
        rows=rows,
        edges=edges,
        unusable=frozenset(builder.unusable),
    )
    return [options.over(package)]


def _row(
    line: tables.Line, columns: Mapping[str, str], framework: str, language: str, report: Report
) -> SkillRow:
    def cell(field: str) -> str:
        return line.cells.get(columns.get(field, ""), "")

    def words(field: str, limit: int) -> str:
        return one_line(cell(field), report, row=line.place, field=columns.get(field, field), limit=limit)

    def split(field: str) -> tuple[str, ...]:
        text = cell(field)
        sign = next((sign for sign in ("\n", " | ", ";", "|") if sign in text), ";")
        return several(text.split(sign), report, row=line.place, field=columns.get(field, field))

    name, code = words("name", 2_000), words("code", 120)
    said = cell("required").casefold()
    if said and said not in ESSENTIAL | OPTIONAL:
        report.warn(
            line.place, columns["required"], f"{said[:40]!r} says neither yes nor no.", kind="required"
        )
    given = identifier(cell("id"), report, row=line.place, field=columns.get("id", "id"))
    own = given or code or name
    if given and ":" not in given:
        # An id within the table is no address to which anybody could be sent: it serves as the code.
        given, code = "", code or given[:120]
    return SkillRow(
        uri=given or (made_uri(framework, own) if own else ""),
        name=name,
        description=cleaned(
            cell("description"), report, row=line.place, field=columns.get("description", "description")
        ),
        code=code,
        alternatives=split("alternatives"),
        keywords=split("keywords"),
        kind=words("kind", 40),
        level=words("level", 60),
        language=language,
        requirement="essential" if said in ESSENTIAL else "optional" if said in OPTIONAL else "",
        place=line.place,
    )
