"""The certificate as others see it: read back with pypdf, never with our own code."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import sys
import time
from dataclasses import replace

import pypdf
import pytest

from guildmark.issue.render import certificate_pdf
from guildmark.issue.render.certificate import fingerprint
from guildmark.kernel.problems import Invalid
from guildmark.protocol.openbadges import pdf as credential_in_pdf
from guildmark.protocol.openbadges.facts import CredentialFacts
from tests.issue_render import samples


def draw(facts: CredentialFacts) -> bytes:
    return certificate_pdf(facts, samples.signed(facts), samples.URL)


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(data: bytes, page: int | None = None) -> str:
    pages = read(data).pages
    chosen = pages if page is None else [pages[page]]
    return " ".join(" ".join(p.extract_text() for p in chosen).split())


def letters(text: str) -> set[str]:
    return {c for c in text if not c.isspace()}


def test_it_says_claim_holder_and_issuer_on_an_a4_page() -> None:
    data = draw(samples.demonstrated())
    first = text_of(data, 0)
    assert "Builds and checks an automated welcome sequence, tests every branch, and corrects faults" in first
    assert "Amara Okafor" in first
    assert "Northlamp Academy" in first
    assert "showed this with their own work, judged by two people." in first
    assert "14 November 2026" in first
    assert "14 May 2028" in first
    assert samples.URL in first.replace(" ", "")
    box = read(data).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


def test_it_shows_criteria_evidence_judges_and_limits_behind() -> None:
    told = text_of(draw(samples.demonstrated()))
    for words in (
        "What was shown", "Trigger logic", "MUST PASS", "Level 4 of 4: exemplary", "Walkthrough: two trade-offs",
        "independent assessor (2)", "11 November 2026", "Nothing weaker was recorded.",
        "Writing the copy itself, deliverability, or list growth.", "Marketing automation (ESCO, S1.2)",
        "guildmark verify certificate.pdf",
    ):  # fmt: skip
        assert words in told
    # printf a | sha256sum
    assert "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" in told


def test_it_shows_what_is_weaker_about_the_judging() -> None:
    facts = samples.demonstrated()
    assert facts.assessment
    weak = replace(facts.assessment, judges=("teacher",), weaknesses=("The judge also taught the learner.",))
    told = text_of(draw(replace(facts, assessment=weak)))
    assert "judged by one person." in told
    assert "The judge also taught the learner." in told


def test_it_carries_the_signed_bytes_unchanged() -> None:
    facts = samples.demonstrated()
    data = draw(facts)
    assert list(read(data).attachments) == ["credential.json"]
    assert read(data).attachments["credential.json"] == [samples.signed(facts)]
    assert credential_in_pdf.extract(data) == samples.signed(facts)


def test_it_carries_a_token_as_a_token() -> None:
    token = b"eyJhbGciOiJFZERTQSJ9.e30.c2ln"
    data = certificate_pdf(samples.demonstrated(), token, samples.URL)
    assert read(data).attachments["credential.jwt"] == [token]


def test_it_refuses_signed_bytes_that_are_not_text() -> None:
    with pytest.raises(Invalid):
        certificate_pdf(samples.demonstrated(), b"\xff\xfe", samples.URL)


def test_it_is_marked_and_tagged_as_accessible() -> None:
    reader = read(draw(samples.demonstrated()))
    catalog = reader.trailer["/Root"]
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", metadata)
    assert re.search(r"<pdfaid:part>3</pdfaid:part>|pdfaid:part=\"3\"", metadata)
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title == "Automated welcome sequences – Amara Okafor"
    assert reader.metadata.author == "Northlamp Academy"
    tags, alternatives = structure(catalog["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/Link"} <= tags
    assert any("double hexagon" in words for words in alternatives)
    assert any("QR code" in words for words in alternatives)


def structure(root: pypdf.generic.DictionaryObject) -> tuple[set[str], list[str]]:
    """Walk the structure tree: all tags and all alternative texts."""
    tags: set[str] = set()
    alternatives: list[str] = []
    pending = [root["/K"]]
    while pending:
        node = pending.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            tags.add(str(node.get("/S")))
            if "/Alt" in node:
                alternatives.append(str(node["/Alt"]))
            if "/K" in node:
                pending.append(node["/K"])
    return tags, alternatives


def test_every_figure_has_words() -> None:
    catalog = read(draw(samples.completion())).trailer["/Root"]
    tags, alternatives = structure(catalog["/StructTreeRoot"])
    assert "/Figure" in tags
    assert alternatives


@pytest.mark.parametrize("kind", [samples.demonstrated, samples.certified, samples.completion])
def test_two_renders_are_byte_identical(kind: object) -> None:
    facts = kind()  # type: ignore[operator]
    first = draw(facts)
    draw(samples.demonstrated("somebody else"))
    assert draw(facts) == first


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import hashlib;from tests.issue_render import samples as s;from guildmark.issue.render import certificate_pdf;"
        "f=s.demonstrated();print(hashlib.sha256(certificate_pdf(f,s.signed(f),s.URL)).hexdigest())"
    )
    import hashlib

    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": "src:.", "PATH": "", "TZ": "Pacific/Apia"})  # fmt: skip
    assert made.stdout.strip() == hashlib.sha256(draw(samples.demonstrated())).hexdigest()


def test_the_only_date_inside_is_that_of_the_credential() -> None:
    metadata = read(draw(samples.demonstrated())).metadata
    assert metadata
    assert str(metadata["/CreationDate"]).startswith("D:20261114093000")


@pytest.mark.parametrize("script", list(samples.NAMES))
def test_names_of_every_script_survive(script: str) -> None:
    name = samples.NAMES[script]
    data = draw(samples.demonstrated(name))
    told = text_of(data, 0)
    # pypdf reads glyphs in drawn order and does not know ActualText; no letter may be missing.
    assert letters(name) <= letters(told)
    assert "□" not in told
    assert "drawn as a box" not in told
    metadata = read(data).metadata
    assert metadata
    assert metadata.title == f"Automated welcome sequences – {name}"


def test_a_claim_from_right_to_left_is_read_in_its_own_language() -> None:
    facts = replace(
        samples.demonstrated(samples.NAMES["Arabic"]), language="ar", claim="يبني سلسلة ترحيب آلية ويختبرها."
    )
    data = draw(facts)
    assert letters("يبني سلسلة ترحيب") <= letters(text_of(data, 0))
    assert b"/Lang (ar)" in data or b"/Lang(ar)" in data or "ar" in languages(data)


def languages(data: bytes) -> set[str]:
    """Collect the languages of the structure tree."""
    found: set[str] = set()
    pending = [read(data).trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while pending:
        node = pending.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            found.add(str(node.get("/Lang")))
            pending.extend([node["/K"]] if "/K" in node else [])
    return found


@pytest.mark.parametrize(
    ("name", "count"), [("Sam 🎓 Lee", 1), ("👩‍🎓👩🏽‍🔬 Kim", 2), ("𝓙𝓸𝓱𝓷", 4), ("🇩🇪", 1)]
)
def test_what_no_font_has_is_boxed_and_counted(name: str, count: int) -> None:
    told = text_of(draw(samples.demonstrated(name)), 0)
    assert "□" * 1 in told
    assert re.search(rf"{count} characters? (is|are) drawn as a box", told)
    assert "The signed file carries" in told


@pytest.mark.parametrize("name", [
    "x" * 10_000, "Ab " * 3_400, "名" * 5_000, "a\u0301" * 5_000, "o" + "\u0301" * 10_000, "‮" * 10_000, " " * 10_000,
])  # fmt: skip
def test_endless_names_do_not_break_the_page(name: str) -> None:
    reader = read(draw(samples.demonstrated(name)))
    assert len(reader.pages) <= 3
    assert "Check this before you believe it" in reader.pages[0].extract_text()


def test_a_shortened_name_is_said_to_be_shortened() -> None:
    assert "1 long text is shortened" in text_of(draw(samples.demonstrated("x" * 10_000)), 0)


@pytest.mark.parametrize("name", [
    '#read("/etc/passwd")', '#panic("x")', "*bold* _em_ $x$", "\\u{41}", '"]#eval("1")["', "<script>alert(1)</script>",
    "= heading", "https://evil.example/", "#import \"@preview/x:1.0.0\": *", "`raw` @ref <label>",
])  # fmt: skip
def test_markup_in_a_name_stays_letters(name: str) -> None:
    assert name.replace(" ", "") in text_of(draw(samples.demonstrated(name)), 0).replace(" ", "")


@pytest.mark.parametrize(
    "name",
    ["a\x00b", "\x1b[31m", "a\u202eb", "\u2066x", "\ufeff", "\ud800", "\U000e0041", "\uffff", "\ue000"],
)
def test_hostile_characters_do_not_crash(name: str) -> None:
    assert read(draw(samples.demonstrated(name))).pages


def test_a_holder_who_is_not_named_is_not_named() -> None:
    told = text_of(draw(samples.demonstrated(None)))
    assert "The holder" in told
    assert "Not named here" in told
    assert "confirm by e-mail" in told


def test_a_completion_record_claims_no_skill() -> None:
    data = draw(samples.completion())
    told = text_of(data)
    assert "took part in" in told
    assert "COMPLETION RECORD" in told.replace("COM PLETION", "COMPLETION").upper()
    assert "No work was judged, and no skill is claimed." in told
    assert "showed this" not in told
    assert len(read(data).pages) == 1


def test_a_level_below_the_bar_is_said() -> None:
    facts = samples.demonstrated()
    low = samples.criterion("e", "Explains decisions", "Names two trade-offs.", 2)
    told = text_of(draw(replace(facts, criteria=(*facts.criteria[:2], low))))
    assert "2 of 3 criteria met" in told
    assert "below the level asked for: proficient" in told


def test_long_claims_and_many_criteria_flow_over_pages() -> None:
    facts = samples.demonstrated()
    many = tuple(
        samples.criterion(str(i), f"Criterion number {i}", "Says what good looks like. " * 8, 3)
        for i in range(40)
    )
    data = draw(
        replace(facts, claim="Plans, builds and repairs. " * 60, criteria=many, evidence=facts.evidence * 20)
    )
    reader = read(data)
    assert "Check this before you believe it" in reader.pages[0].extract_text()
    assert (
        "more, on the next page" in reader.pages[0].extract_text()
        or "JUDGED" not in reader.pages[0].extract_text()
    )
    assert "Criterion number 39" in text_of(data)


def lines_of_the_first_page(data: bytes) -> list[tuple[float, float, float, str]]:
    """What begins where: x and y of the base line, size, in points."""
    found: list[tuple[float, float, float, str]] = []

    def see(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append((tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5], size * tm[0], text.strip()))

    read(data).pages[0].extract_text(visitor_text=see)
    return found


@pytest.mark.parametrize("words", [3, 12, 24, 40])
@pytest.mark.parametrize("count", [0, 2, 3, 6, 12])
def test_no_line_of_the_first_page_is_written_over_another(words: int, count: int) -> None:
    facts = samples.demonstrated()
    claim = " ".join(("builds checks sequences carefully under every condition " * 6).split()[:words])
    criteria = tuple(
        replace(facts.criteria[0], name=f"Criterion {number}", must_pass=number % 2 == 0)
        for number in range(count)
    )
    at_the_margin = sorted(
        (y, size, text)
        for x, y, size, text in lines_of_the_first_page(draw(replace(facts, claim=claim, criteria=criteria)))
        if x < 70
    )
    assert len(at_the_margin) > 6
    for (low, size, text), (high, _, above) in itertools.pairwise(at_the_margin):
        assert high - low < 0.5 or high - low > 0.9 * size, f"{text!r} is written over {above!r}"


def test_a_bare_foreign_credential_can_be_drawn() -> None:
    facts = samples.demonstrated(None)
    bare = replace(
        facts, signal=None, achievement_type="Badge", claim="", criteria=(), evidence=(), assessment=None, standard=None,
        alignments=(), not_shown=(), valid_from=None, valid_until=None, awarded_at=None, language=None, version=None,
        bar=None, conditions=None, hours=None, criteria_narrative="Do the thing.", issuer=replace(facts.issuer, name=None),
    )  # fmt: skip
    told = text_of(draw(bare))
    assert "Do the thing." in told
    assert "did:web:learn.example:o:northlamp" in told


def test_it_is_quick_once_warm() -> None:
    facts = samples.demonstrated()
    draw(facts)
    started = time.thread_time()
    draw(samples.demonstrated("Somebody New"))
    assert time.thread_time() - started < 1.5


def test_fingerprints_are_written_as_sha256sum_prints_them() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert fingerprint("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") == empty
    assert fingerprint("sha384-abc") == "sha384-abc"
    assert fingerprint("sha256-%%%") == "sha256-%%%"
    assert fingerprint(None) is None
