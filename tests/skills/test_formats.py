"""Reading framework files: every format, and what hostile or careless files come to."""

from __future__ import annotations

import contextlib
import io
import json
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.skills import formats
from guildmark.skills.formats import source
from guildmark.skills.formats.common import Report, UnreadableFramework, cleaned
from guildmark.skills.formats.source import of_stream
from tests.skills import builders
from tests.skills.builders import BASE, DIGCOMP, PLAIN, RSD, below, case, ctdl, esco, item, packed, read

ESCO = "http://data.europa.eu/esco/skill/"
FILES = [
    ("esco", esco(), "ESCO dataset - v1.2.0 - classification - en - csv.zip", 6),
    ("case", case(), "package.json", 4),
    ("ctdl", ctdl(), "framework.jsonld", 2),
    ("rsd", RSD, "skills.csv", 3),
    ("digcomp", DIGCOMP, "DigComp_3.0.jsonld", 5),
    ("csv", PLAIN, "backstube.csv", 3),
]


@pytest.mark.parametrize(("name", "content", "filename", "rows"), FILES)
def test_it_tells_the_format_from_the_content(
    name: str, content: bytes | str, filename: str, rows: int
) -> None:
    data = content.encode() if isinstance(content, str) else content
    assert formats.detect(of_stream(io.BytesIO(data), filename)) == name
    (package,), report = read(content, filename)
    assert len(package.rows) == rows
    assert report.counts["error"] == 0


def test_it_reads_esco_with_labels_groups_and_several_parents() -> None:
    (package,), report = read(esco(), "esco_1.1.1_classification_en_csv.zip")
    rows = {row.uri.removeprefix(ESCO): row for row in package.rows}
    assert (package.version, package.language, package.publisher) == ("1.1.1", "en", "European Commission")
    assert "ESCO classification of the European Commission" in package.attribution
    assert rows["a1"].alternatives == ("knead dough", "blend dough")
    assert (rows["a1"].kind, rows["a3"].kind, rows["S1"].kind) == ("skill", "knowledge", "group")
    above = {
        (e.source.removeprefix(ESCO), e.target.removeprefix(ESCO))
        for e in package.edges
        if e.kind == "broader"
    }
    assert above == {("S1.1", "S1"), ("a1", "S1.1"), ("a2", "S1.1"), ("a2", "S1")}
    assert [(e.source[-2:], e.kind, e.target[-2:]) for e in package.edges if e.kind == "essential"] == [
        ("a1", "essential", "a2")
    ]
    assert [(f.severity, f.row, f.field) for f in report.findings] == [
        ("warning", "skills_en.csv line 6", "skillType")
    ]


def test_it_reads_the_esco_file_of_skills_alone() -> None:
    with zipfile.ZipFile(io.BytesIO(esco())) as archive:
        content = archive.read("skills_en.csv")
    (package,), _ = read(content, "skills_en.csv")
    assert [row.name for row in package.rows] == ["mix dough", "bake bread", "types of flour", "wash hands"]


def test_it_marks_what_esco_no_longer_uses() -> None:
    more = f"{builders.SKILL}a9,skill/competence,,grind corn,,,obsolete,Grind corn."
    (package,), _ = read(esco(more), "esco.zip")
    assert [row.name for row in package.rows if row.retired] == ["grind corn"]


def test_it_reads_case_with_order_licence_and_requirement() -> None:
    (package,), _ = read(case(), "package.json")
    assert (package.title, package.version, package.licence) == ("Bakery framework", "1.0", "CC BY 4.0")
    assert [row.code for row in package.rows] == ["B1", "B1.1", "B1.2", "B1.3"]
    assert package.rows[3].alternatives == ("moulding", "loaf shaping")
    assert package.rows[3].requirement == "optional"
    assert {edge.target for edge in package.edges} == {package.rows[0].uri}


def test_it_reads_case_nodes_that_are_only_addresses() -> None:
    one, two = item("A1", "Reads a recipe"), item("A2", "Weighs flour")
    link = {**below(two, one), "originNodeURI": two["uri"], "destinationNodeURI": one["identifier"]}
    (package,), _ = read(case([one, two], CFAssociations=[link]), "package.json")
    assert [(edge.source, edge.target) for edge in package.edges] == [(two["uri"], one["uri"])]


def test_it_takes_case_items_that_have_ended_as_retired() -> None:
    (package,), _ = read(case([item("A1", "Churns butter", statusEndDate="2020-01-01")]), "package.json")
    assert package.rows[0].retired


def test_it_reads_ctdl_in_several_languages() -> None:
    (package,), _ = read(ctdl(), "framework.jsonld")
    works, mixing = package.rows
    assert (package.language, package.title) == ("en-US", "Bakery framework")
    assert (works.name, works.code) == ("Works with dough", "1")
    assert (mixing.name, mixing.description) == ("Mixing", "Mixes a dough to a given firmness.")
    assert mixing.texts == {"es": {"name": "Amasado"}}
    assert {(e.kind, e.target) for e in package.edges} == {
        ("broader", works.uri),
        ("exact", "http://data.europa.eu/esco/skill/a1"),
    }


def test_it_reads_several_frameworks_of_one_file_and_says_what_is_absent() -> None:
    heads = [
        {
            "@id": f"f{n}",
            "@type": "ceasn:CompetencyFramework",
            "ceasn:name": f"F{n}",
            "ceasn:hasTopChild": [f"c{n}"],
        }
        for n in (1, 2)
    ]
    skill = {"@id": "c1", "@type": "ceasn:Competency", "ceasn:competencyText": "Bakes"}
    packages, report = read(json.dumps([*heads, skill]), "two.jsonld")
    assert [(p.title, len(p.rows)) for p in packages] == [("F1", 1), ("F2", 0)]
    assert [(f.severity, f.row, f.field) for f in report.findings] == [("warning", "framework 2", "hasChild")]


def test_it_reads_the_older_rdf_json_of_asn() -> None:
    document = {
        "http://asn.example/D1": {
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": [
                {"value": "http://purl.org/ASN/schema/core/StandardDocument", "type": "uri"}
            ],
            "http://purl.org/dc/elements/1.1/title": [
                {"value": "Baking", "type": "literal", "lang": "en-US"}
            ],
        },
        "http://asn.example/S1": {
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": [
                {"value": "http://purl.org/ASN/schema/core/Statement", "type": "uri"}
            ],
            "http://purl.org/dc/terms/description": [
                {"value": "Weighs flour", "type": "literal", "lang": "en-US"}
            ],
            "http://purl.org/ASN/schema/core/statementNotation": [{"value": "1.a", "type": "literal"}],
            "http://purl.org/gem/qualifiers/isChildOf": [{"value": "http://asn.example/D1", "type": "uri"}],
        },
    }
    (package,), _ = read(json.dumps(document), "asn.json")
    assert (package.title, package.rows[0].name, package.rows[0].code) == ("Baking", "Weighs flour", "1.a")


def test_it_reads_rich_skill_descriptors() -> None:
    (package,), _ = read(RSD, "export.csv")
    assert package.title == "Bakery"
    mixing = next(row for row in package.rows if row.name == "Dough Mixing")
    assert (mixing.description, mixing.keywords) == ("Mix a dough to a given firmness.", ("Dough", "Yeast"))
    group = next(row for row in package.rows if row.kind == "group")
    ties = {(edge.kind, edge.target) for edge in package.edges if edge.source == mixing.uri}
    assert ties == {("broader", group.uri), ("related", "https://skills.example/42")}
    assert read(RSD, "export.csv")[0][0].rows == package.rows


def test_it_resolves_the_relative_ids_of_digcomp() -> None:
    (package,), _ = read(DIGCOMP, "DigComp_3.0_2025.jsonld")
    assert (package.version, package.licence) == ("3.0", "CC BY 4.0")
    assert package.rows[1].uri.endswith("digcomp-framework_en#Competence/1.1")
    assert [row.kind for row in package.rows] == ["area", "competence", "competence", "outcome", "glossary"]
    assert (package.rows[3].level, package.rows[3].code) == ("Basic", "LO1.1.01")


def test_the_table_of_digcomp_gives_the_same_ids_in_another_language() -> None:
    table = (
        'location,context,source,target\n'
        'digcomp.area.1.label,x,Information,Información\n'
        'digcomp.competence.1.1.label,x,Searching,Buscar\n'
    )  # fmt: skip
    (package,), _ = read(table, "digcomp3_es.csv")
    assert (package.language, package.rows[1].name) == ("es", "Buscar")
    assert package.rows[1].uri == read(DIGCOMP, "d.jsonld")[0][0].rows[1].uri


def test_it_guesses_the_columns_of_a_plain_table_in_german() -> None:
    (package,), _ = read(PLAIN, "backstube.csv", language="de")
    dough, mixing, shaping = package.rows
    assert (dough.name, mixing.description) == ("Teig", "Mischt Teig bis zur verlangten Festigkeit")
    assert (mixing.requirement, shaping.requirement) == ("essential", "optional")
    assert {(e.source, e.target) for e in package.edges} == {
        (mixing.uri, dough.uri),
        (shaping.uri, dough.uri),
    }


def test_it_takes_a_mapping_of_columns() -> None:
    (package,), _ = read("a,b\nx1,Bakes bread\n", "t.csv", columns={"code": "a", "name": "b"})
    assert (package.rows[0].code, package.rows[0].name) == ("x1", "Bakes bread")


def test_the_format_can_be_said() -> None:
    text = "conceptUri,preferredLabel,skillType\nhttp://x.example/1,mix dough,knowledge\n"
    assert read(text, "s.csv")[0][0].format == "esco"
    packages, _ = read(text, "s.csv", format="csv", columns={"name": "preferredLabel", "id": "conceptUri"})
    assert (packages[0].format, packages[0].rows[0].uri) == ("csv", "http://x.example/1")


# -- hostile and careless files ----------------------------------------------------------------------


def refused(content: bytes | str, name: str, **options: Any) -> UnreadableFramework:
    with pytest.raises(UnreadableFramework) as caught:
        read(content, name, **options)
    return caught.value


def test_it_names_the_line_of_a_byte_that_is_no_utf8() -> None:
    error = refused("name\nbacken\nsch\u00e4len\n".encode("latin-1"), "t.csv")
    assert "line 3" in str(error)
    assert "0xE4" in str(error)


def test_it_reads_utf_16_with_its_mark() -> None:
    (package,), _ = read("name\nschälen\n".encode("utf-16"), "t.csv")
    assert package.rows[0].name == "schälen"


def test_a_nul_character_is_refused_with_its_line() -> None:
    assert "line 2" in str(refused("name\nBa\x00kes\n", "t.csv"))
    assert "U+0000" in str(refused(case([item("A1", "Ba\x00kes")]), "package.json"))


def test_an_id_that_is_no_address_serves_as_the_code() -> None:
    (package,), _ = read("id,code,name,parent\n7,,Bakes,\n8,x,Mixes,7\n", "t.csv")
    baking, mixing = package.rows
    assert (baking.code, mixing.code) == ("7", "x")
    assert all(row.uri.startswith("urn:uuid:") for row in package.rows)
    assert [(edge.source, edge.target) for edge in package.edges] == [(mixing.uri, baking.uri)]


def test_it_names_missing_columns_and_those_that_are_there() -> None:
    assert "nutrition" in str(refused("colour,nutrition\nred,high\n", "t.csv"))
    assert "conceptUri" in str(refused("name\nx\n", "t.csv", format="esco"))


def test_it_leaves_out_lines_with_too_many_cells_and_rows_without_name() -> None:
    (package,), report = read("id,name\n1,Bakes\n2,Mixes,well\n3,\n", "t.csv")
    assert [row.name for row in package.rows] == ["Bakes"]
    assert [(f.row, f.field) for f in report.findings] == [
        ("t.csv line 3", "columns"),
        ("t.csv line 4", "name"),
    ]
    assert len(package.unusable) == 1


def test_it_names_an_id_that_stands_twice() -> None:
    (package,), report = read("id,name\n1,Bakes\n1,Mixes\n1,Bakes\n", "t.csv")
    assert [row.name for row in package.rows] == ["Bakes"]
    assert [(f.severity, f.row, f.field) for f in report.findings] == [
        ("error", "t.csv line 3", "id"),
        ("note", "t.csv line 4", "id"),
    ]
    assert "line 2" in report.findings[0].message


def test_it_breaks_circles_and_names_where() -> None:
    (package,), report = read("id,name,parent\na,A,c\nb,B,a\nc,C,b\nd,D,d\n", "t.csv")
    assert len(package.edges) == 2
    assert sorted((f.severity, f.field) for f in report.findings) == [("error", "relation")] * 2
    assert all(f.row.startswith("t.csv line") for f in report.findings)


def test_a_hierarchy_of_ten_thousand_steps_is_read() -> None:
    lines = "".join(f"n{i},Step {i},n{i - 1}\n" for i in range(1, 10_000))
    (package,), report = read(f"id,name,parent\nn0,Start,\n{lines}", "t.csv")
    assert len(package.edges) == 9_999
    assert not report.findings


def test_it_says_when_a_parent_is_absent() -> None:
    (package,), report = read("id,name,parent\na,A,zz\n", "t.csv")
    assert package.edges == []
    assert [(f.severity, f.row, f.field) for f in report.findings] == [
        ("warning", "t.csv line 2", "relation")
    ]


def test_markup_is_taken_out_and_what_scripts_say_is_dropped() -> None:
    one = item("A1", "Bakes <b>bread</b><script>alert(1)</script> &amp; rolls", notes="a < b, i <3 dough")
    (package,), report = read(case([one]), "package.json")
    assert package.rows[0].name == "Bakes bread & rolls"
    assert package.rows[0].description == "a < b, i <3 dough"
    assert [(f.severity, f.field) for f in report.findings] == [("note", "fullStatement")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Bakes</p><p>Sells</p>", "Bakes Sells"),
        ("Bakes<br/>bread<!-- and <b>more -->, well", "Bakes bread, well"),
        ("<STYLE>p{}</STYLE>Bakes <script>let a = '<b>'</script>well", "Bakes well"),
        ("Bakes <script>never ends", "Bakes"),
        ("Sorts a List<String> of a < 5 items", "Sorts a List<String> of a < 5 items"),
        ('<a href="x">Bakes</a> &lt;5 %', "Bakes <5 %"),
    ],
)
def test_only_markup_is_taken_for_markup(text: str, words: str) -> None:
    (package,), _ = read(case([item("A1", text)]), "package.json")
    assert package.rows[0].name == words


def test_markup_that_never_ends_is_read_in_time() -> None:
    hostile = [
        item(f"A{n}", "Bakes " + "<a " * 900, notes="<b>" + "<!--" * 15_000 + "<script>" * 900)
        for n in range(300)
    ]
    begun = time.monotonic()
    read(case(hostile), "package.json")
    assert time.monotonic() - begun < 20


def test_a_long_chain_of_competencies_is_read_in_time() -> None:
    chain = [
        {
            "@id": f"c{n}",
            "@type": "ceasn:Competency",
            "ceasn:competencyText": "Bakes",
            "ceasn:isChildOf": [f"c{n + 1}"],
        }
        for n in range(20_000)
    ]
    begun = time.monotonic()
    (package,), _ = read(json.dumps(chain), "chain.jsonld")
    assert len(package.edges) == 19_999
    assert time.monotonic() - begun < 20


def test_a_file_of_too_many_frameworks_is_refused() -> None:
    many = [{"@id": f"f{n}", "@type": "ceasn:CompetencyFramework"} for n in range(51)]
    assert "51 frameworks" in str(refused(json.dumps(many), "many.jsonld"))
    assert "51 packages" in str(refused(json.dumps([json.loads(case([]))] * 51), "many.json"))


def test_values_of_the_wrong_kind_are_findings_not_faults() -> None:
    one = {
        **item("A1", "Bakes"),
        "notes": ["x"],
        "conceptKeywords": 5,
        "extensions": [],
        "educationLevel": {},
    }
    content = case([one, "no item", {"fullStatement": 5}, None], CFAssociations=[{}, 7], CFDefinitions=[])  # type: ignore[list-item]
    (package,), report = read(content, "package.json")
    assert len(package.rows) == 1
    assert report.counts["error"] == 5


def test_lists_that_are_no_lists_are_refused() -> None:
    assert "CFItems" in str(refused(case([], CFItems={"a": 1}), "package.json"))
    assert "CFDocument" in str(refused('{"CFDocument": [], "CFItems": []}', "package.json"))


def test_broken_json_names_line_and_column() -> None:
    assert "line 1, column" in str(refused('{"CFDocument": {', "package.json"))


def test_a_file_of_which_no_row_can_be_used_is_refused() -> None:
    assert "No row" in str(refused("id,name\n1,\n2,\n", "t.csv"))


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("skills_en.csv", "w", force_zip64=True) as entry,
    ):
        for _ in range(170):
            entry.write(b" " * 1048576)
    assert len(out.getvalue()) < 3_000_000
    assert "unpacks to more" in str(refused(out.getvalue(), "bomb.zip"))


def test_an_archive_of_many_entries_is_refused_before_it_is_listed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(source.MAX_ENTRIES + 1):
            archive.writestr(f"{number}.csv", "")
    assert "501" in str(refused(out.getvalue(), "many.zip"))


def test_broken_locked_and_empty_archives_are_refused() -> None:
    assert "cannot be read" in str(refused(esco()[:400], "cut.zip"))
    assert "no CSV or JSON" in str(refused(_archive("read.me", b"x"), "other.zip"))
    assert "twice" in str(refused(_archive("a/skills.csv", b"x", "b/skills.csv"), "twice.zip"))
    assert "is empty" in str(refused(b" \n", "t.csv"))


def _archive(name: str, content: bytes, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one in (name, *more):
            archive.writestr(one, content)
    return out.getvalue()


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_FILE", 10)
    assert "larger" in str(refused("name\nBakes bread\n", "t.csv"))


def test_an_unknown_file_names_the_formats() -> None:
    assert "CASE package" in str(refused('{"hello": 1}', "x.json"))
    assert "no format" in str(refused(PLAIN, "x.csv", format="xls"))


def test_an_archive_with_one_json_file_is_read_like_the_file() -> None:
    (package,), _ = read(_archive("package.json", case().encode()), "package.zip")
    assert package.format == "case"


def test_hidden_characters_are_taken_out() -> None:
    report = Report()
    text = cleaned("Bakes\u202e bread\x00 \u200bwell\r\nand  often", report, row="1", field="name")
    assert text == "Bakes bread well\nand often"


def outcome(content: bytes, name: str, **options: Any) -> str:
    """What becomes of a file: how many frameworks, or why it is refused. Nothing else may happen."""
    try:
        packages, _ = read(content, name, **options)
    except UnreadableFramework as error:
        return error.detail
    return f"{len(packages)} frameworks"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for name in ("x.csv", "x.json", "x.zip"):
        assert outcome(content, name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["uri", "identifier", "fullStatement", "@id", "@type", "@graph", "ceasn:hasChild", "ceasn:isPartOf",
     "ceasn:competencyText", "ceasn:name", "originNodeURI", "associationType", "name", "competence_id", "language"]
)  # fmt: skip


@given(
    st.sampled_from(["case", "ctdl", "digcomp"]),
    st.lists(st.dictionaries(KEYS, JSON, max_size=6), max_size=5),
)
def test_any_json_is_read_or_refused(name: str, nodes: list[dict[str, Any]]) -> None:
    documents: dict[str, Any] = {
        "case": {"CFDocument": (nodes or [{}])[0], "CFItems": nodes, "CFAssociations": nodes},
        "ctdl": [
            {**node, "@type": kind}
            for node in nodes
            for kind in ("ceasn:Competency", "ceasn:CompetencyFramework")
        ],
        "digcomp": {"@graph": [{**node, "@type": "Competence"} for node in nodes]},
    }
    content = json.dumps(documents[name]).encode()
    assert outcome(content, "x.json", format=name)


def test_a_table_packed_beside_others_says_that_there_are_several() -> None:
    content = packed(one="name\nBakes\n", two="name\nMixes\n")
    assert "Known are" in str(refused(content, "two.zip"))
    assert "several files" in str(refused(content, "two.zip", format="csv"))


def test_uris_are_named_by_their_base() -> None:
    assert read(case(), "p.json")[0][0].uri == f"{BASE}/documents/1"


@given(st.integers(40, 400), st.integers(1, 255))
def test_a_damaged_archive_is_refused_in_words_wherever_it_is_damaged(place: int, change: int) -> None:
    whole = bytearray(esco())
    whole[place % len(whole)] ^= change
    with contextlib.suppress(UnreadableFramework):  # whatever else is raised fails the test
        of_stream(io.BytesIO(bytes(whole)), "damaged.zip")


def test_a_broken_stream_inside_an_archive_is_refused_in_words() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("skills.csv", "uri,name\n" + "https://a.example/1,One\n" * 2000)
    broken = bytearray(out.getvalue())
    broken[60] ^= 0xFF
    assert "cannot be read" in str(refused(bytes(broken), "broken.zip"))
