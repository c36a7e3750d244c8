"""Outlines of courses: Markdown, CSV and common cartridges, what they propose, and hostile ones."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.design.advisor import cartridge, outline
from guildmark.design.types import Standard
from guildmark.kernel.problems import GuildmarkError, Invalid, TooLarge

MARKDOWN = """\
# E-mail automation

## Module 1: Plan
1. [Write a brief for a sequence](https://course.example/1)
2. Segmentation

## Module 2: Build
- **Build a welcome sequence in your tool**
    - Triggers and delays for the sequence
- Quiz: the welcome sequence
```python
print("no lesson")
```
## Module 3
- Test every branch before the launch
"""

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="m1" xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1">
  <metadata><schema>IMS Common Cartridge</schema><schemaversion>1.3.0</schemaversion></metadata>
  <organizations><organization identifier="o1" structure="rooted-hierarchy">
    <item identifier="root">
      <item identifier="i1"><title>Build</title>
        <item identifier="i2" identifierref="r1"><title>Build a welcome sequence in your tool</title></item>
        <item identifier="i3" identifierref="r2"><title>Check of the sequence</title></item>
        <item identifier="i4" identifierref="r3"><title>Hand in the export</title></item>
      </item>
      <item identifier="i5"><title>Analytics</title></item>
    </item>
  </organization></organizations>
  <resources>
    <resource identifier="r1" type="webcontent"/>
    <resource identifier="r2" type="imsqti_xmlv1p2/imscc_xmlv1p3/assessment"/>
    <resource identifier="r3" type="assignment_xmlv1p0"/>
  </resources>
</manifest>"""


def packed(manifest: str | bytes = MANIFEST, name: str = "imsmanifest.xml", **others: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, manifest)
        for other, content in others.items():
            archive.writestr(other, content)
    return out.getvalue()


def test_markdown_gives_competencies_that_are_linked_to_their_lessons():
    found = outline.read(MARKDOWN.encode())
    assert found.format == "markdown"
    assert [part.statement for part in found.competencies] == [
        "Write a brief for a sequence",
        "Build a welcome sequence in your tool",
        "Test every branch before the launch",
    ]
    lessons = {part.title: part for part in found.lessons}
    assert lessons["Triggers and delays for the sequence"].competencies == ("c2",)
    assert lessons["Write a brief for a sequence"].competencies == ("c1",)
    assert lessons["Segmentation"].competencies == ()
    build = found.competencies[1]
    assert build.evidence == ("Quiz: the welcome sequence",)
    assert {lesson.title for lesson in found.lessons if lesson.id in build.lessons} >= {
        "Triggers and delays for the sequence",
        "Quiz: the welcome sequence",
    }


def test_gaps_are_topics_without_a_doing_and_competencies_without_evidence_in_the_order_of_the_course():
    found = outline.read(MARKDOWN.encode())
    assert [(gap.kind, gap.text) for gap in found.gaps] == [
        ("evidence", "Write a brief for a sequence"),
        ("topic", "Segmentation"),
        ("evidence", "Test every branch before the launch"),
    ]
    assert [gap.line for gap in found.gaps] == [4, 5, 15]


def test_what_it_proposes_can_be_kept_in_a_standard():
    members = outline.read(MARKDOWN.encode()).members()
    standard = Standard.model_validate(members)
    known = {part.id for part in standard.competencies}
    assert all(set(lesson.competencies) <= known for lesson in standard.lessons)


def test_an_outline_written_out_reads_back_the_same():
    first = outline.read(MARKDOWN.encode())
    again = outline.read(first.text.encode())
    assert [(i.title, i.depth, i.kind) for i in again.items] == [
        (i.title, i.depth, i.kind) for i in first.items
    ]
    assert again.members() == first.members()


def test_csv_with_quotes_line_breaks_and_semicolons():
    text = 'Module;Lesson;Type\nPlan;"Write a ""brief"" of one\npage;A4";video\n;Segments;text\n;"Hand, back";Assignment\n'
    found = outline.read(text.encode(), "course.csv")
    assert [(item.title, item.depth, item.kind) for item in found.items] == [
        ("Plan", 0, "section"),
        ('Write a "brief" of one page;A4', 1, "lesson"),
        ("Segments", 1, "lesson"),
        ("Assignment: Hand, back", 1, "assessment"),
    ]
    assert found.competencies[0].evidence == ("Assignment: Hand, back",)


def test_csv_is_known_by_its_heading_and_a_table_without_one_gives_its_first_column():
    assert outline.read(b"title,section\nBuild a page,One\n").items[1].title == "Build a page"
    assert [i.title for i in outline.read(b"Build a page,5\nTopics,6\n", "x.CSV").items] == [
        "Build a page",
        "Topics",
    ]


def test_a_plain_list_with_commas_is_no_table():
    assert outline.read(b"Build, test and launch a page\nColours, fonts\n").format == "markdown"


def test_a_cartridge_gives_its_organisation_and_what_is_handed_in():
    found = outline.read(packed(), "course.imscc")
    assert found.format == "cartridge"
    assert [(item.title, item.depth, item.kind) for item in found.items] == [
        ("Build", 0, "section"),
        ("Build a welcome sequence in your tool", 1, "lesson"),
        ("Quiz: Check of the sequence", 1, "assessment"),
        ("Assignment: Hand in the export", 1, "assessment"),
        ("Analytics", 0, "lesson"),
    ]
    assert found.competencies[0].evidence == ("Quiz: Check of the sequence", "Assignment: Hand in the export")
    assert [gap.text for gap in found.gaps] == ["Analytics"]


# --- hostile ones


def refused(content: bytes, kind: type[GuildmarkError] = Invalid, name: str = "") -> str:
    started = time.monotonic()
    with pytest.raises(kind) as error:
        outline.read(content, name)
    assert time.monotonic() - started < 5
    assert error.value.field == "file"
    assert error.value.mend
    return error.value.detail


def test_a_manifest_that_unpacks_without_end_is_refused():
    bomb = packed(b"<manifest>" + b" " * (40 * 1024 * 1024) + b"</manifest>")
    assert len(bomb) < 100_000
    assert "unpacks to more than" in refused(bomb, TooLarge)


def test_a_manifest_that_lies_about_its_size_is_refused():
    honest = packed(b"<manifest>" + b" " * 9_000_000 + b"</manifest>")
    size = (9_000_000 + 21).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert refused(honest.replace(size, (21).to_bytes(4, "little")))


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest><organizations><organization>'
        "<item><title>&x;</title></item></organization></organizations></manifest>",
        '<!DOCTYPE m SYSTEM "http://127.0.0.1:1/x.dtd"><manifest/>',
        "<!DOCTYPE m [" + '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        + "]><manifest><organizations><organization><item identifier='&a11;'><title>&a11;</title></item></organization>"
        "</organizations></manifest>",
    ],
    ids=["external entity", "external type", "billion laughs"],
)  # fmt: skip
def test_entities_and_document_types_are_refused(body):
    detail = refused(packed(body))
    assert "root:" not in detail
    assert "document type" in detail or "well-formed" in detail


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_a_document_type_is_found_in_every_encoding(encoding):
    body = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE manifest><manifest/>'
    assert "document type" in refused(packed(body.encode(encoding)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed(name="other.xml"), "no imsmanifest.xml"),
        (packed("<manifest><organizations/></manifest>"), "no organisation"),
        (packed("<manifest>"), "well-formed"),
        (packed()[:200], "cannot be read"),
        (b"PK\x03\x04 and nothing", "cannot be read"),
        (packed("<manifest>" * 5000 + "</manifest>" * 5000), "well-formed"),
    ],
)
def test_a_broken_cartridge_is_refused_in_words(content, words):
    assert words in refused(content)


def test_an_encrypted_cartridge_is_refused():
    plain = packed()
    locked = bytearray(plain)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[plain.index(mark) + offset] |= 1
    assert "cannot be read" in refused(bytes(locked))


def test_a_cartridge_with_very_many_items_is_cut_and_says_so():
    items = "".join(f"<item><title>Topic {n}</title></item>" for n in range(cartridge.MAX_ITEMS + 5))
    found = outline.read(
        packed(f"<manifest><organizations><organization>{items}</organization></organizations></manifest>")
    )
    assert len(found.items) == outline.MAX_LINES
    assert len(found.lessons) == outline.LESSONS
    assert len(found.warnings) == 3


def test_a_line_of_ten_megabytes_is_refused_and_a_shorter_one_left_out():
    assert "limit" in refused(b"x" * 10_000_000, TooLarge)
    found = outline.read(b"# Build a page\n" + b"y" * 1_500_000 + b"\nTopic")
    assert [item.title for item in found.items] == ["Build a page", "Topic"]
    assert "Line 2 has 1,500,000 characters" in found.warnings[0]


def test_another_encoding_is_refused_and_utf16_with_its_mark_is_read():
    assert "not UTF-8: byte 2 " in refused("Übung für alle".encode("latin-1").replace(b"\xdc", b"U\xdc", 1))
    assert outline.read("Übung macht".encode("utf-16")).items[0].title == "Übung macht"
    assert outline.read("\ufeffBuild a page".encode()).items[0].title == "Build a page"
    assert "NUL" in refused(b"Build\x00 a page")


def test_nothing_is_no_outline():
    for content in (b"", b"   \n\n---\n", b"\xef\xbb\xbf"):
        assert "no title" in refused(content)


def test_a_csv_that_opens_a_quote_and_never_closes_it_ends():
    found = outline.read(('title,section\n"Build a page' + "\nmore words" * 5000).encode(), "x.csv")
    assert len(found.items) == 1
    assert len(found.items[0].title) <= outline.TITLE


def test_characters_that_turn_the_reading_direction_are_dropped():
    assert outline.read("Build a \u202epage\u202c\u200b".encode()).items[0].title == "Build a page"


def test_a_title_of_brackets_does_not_slow_it_down():
    started = time.monotonic()
    outline.read(("# " + "[" * 1900 + "\n" + "*" * 1900 + "a\n").encode() * 200)
    assert time.monotonic() - started < 5


@given(st.text(max_size=400), st.sampled_from(["", "a.csv"]))
def test_any_text_is_an_outline_or_a_refusal(text, name):
    try:
        found = outline.read(text.encode("utf-8", "surrogatepass"), name)
    except Invalid:
        return
    Standard.model_validate(found.members())
    assert all(0 < len(item.title) <= outline.TITLE for item in found.items)
