"""Templates against the whole algorithm and against another implementation, with hostile values."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from guildmark.protocol import keys
from guildmark.protocol.canonical import jsonld, rdfc
from guildmark.protocol.canonical.template import NoTemplate, Template, filled, places
from guildmark.protocol.errors import BadSignature, ProtocolError
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity
from guildmark.protocol.proofs.batch import BatchSigner, BatchVerifier
from tests.protocol import oxigraph, samples

BENCH = json.loads(
    (Path(__file__).parents[2] / "bench" / "data" / "ob3-credential-107-quads.json").read_text("utf-8")
)
BENCH_PATHS = [
    ("id",),
    ("name",),
    ("validFrom",),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "identifier", 0, "salt"),
    ("credentialSubject", "result", 0, "value"),
    ("credentialSubject", "result", 0, "achievedLevel"),
    ("credentialSubject", "achievement", "tag", 0),
    ("credentialSubject", "achievement", "tag", 1),
    ("evidence", 0, "id"),
    ("evidence", 0, "name"),
    ("evidence", 0, "narrative"),
    ("evidence", 1, "name"),
    ("evidence", 1, "narrative"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
]
OWN = build(samples.spec())
OWN_PATHS = [
    ("id",),
    ("validFrom",),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "identifier", 0, "salt"),
    ("evidence", 0, "id"),
    ("credentialStatus", 0, "statusListIndex"),
    ("credentialStatus", 1, "statusListIndex"),
]
SHAPES = {"bench": (BENCH, BENCH_PATHS), "own": (OWN, OWN_PATHS)}
TEMPLATES = {kind: Template.of(*shape) for kind, shape in SHAPES.items()}

TEXTS = [
    "", " ", '"', "\\", "\\n", "\n", "\r\t", "\b\f", "\x00", "\x01", "\x1f", "\x7f", "\u0080", "\u2028", "𝒳", "ü",
    '" <urn:x> <urn:y> .', "}", "{0}", "%s", "\\u0041", "@id", "@type", "_:b0", "_:c14n0", "name", "relative", "#x",
    "//x.example", "https://", "https://a.example/ü", "https://a.example/a b", "https://a.example/<>", "http://a.example",
    "https://a.example/%zz", "urn:uuid:", "urn:x:y", "did:web:a.example", "xsd:string", "cred:x", "https://a.example/x",
    "urn:uuid:0a5d2f34-4248-4f72-a82e-67a97c65c1e5", "https://badges.example.org/achievements/42", "https://badges.example.org/issuers/1",
    "https://portfolio.example.org/e/1", "\0" + "1" + "\0", "Written defence", "Dashboard", "data", "analytics",
    "^", "a^b", '^"', "\\^", "https://a.example/^",
]  # fmt: skip
texts = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A shape and values for it: some as they were, some hostile, some equal to each other."""
    kind = draw(st.sampled_from(sorted(TEMPLATES)))
    template = TEMPLATES[kind]
    values = list(template.values_of(template.document) or ())
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(values) - 1))
        values[index] = draw(st.one_of(texts, st.sampled_from(values)))
    return kind, values


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_what_it_gives_is_what_two_others_give(case: tuple[str, list[str]]) -> None:
    kind, values = case
    template = TEMPLATES[kind]
    document = template.fill(values)
    assert template.json(values) == orjson.dumps(document)
    assert template.values_of(document) == tuple(values)
    ready = template.ready(values)
    assert ready is not None
    assert template.match(orjson.dumps(document)) == (ready[0], len(orjson.dumps(document)) - 1)
    text = template.nquads(values)
    # The hash over a beginning that was hashed before, and over the rest, is that over the whole.
    assert template.digest(ready[0]) == (None if text is None else sha256(text.encode()).digest())
    if text is not None:
        assert text == rdfc.canonicalize(jsonld.to_quads(document))
        assert text == oxigraph.canonical(document)


@pytest.mark.parametrize("kind", SHAPES)
def test_ordinary_values_are_given_an_answer(kind: str) -> None:
    template = TEMPLATES[kind]
    values = list(template.values_of(template.document) or ())
    for index, value in enumerate(values):
        last = "1" if value[-1] != "1" else "2"
        changed = [*values[:index], value[:-1] + last, *values[index + 1 :]]
        text = template.nquads(changed)
        assert text is not None
        assert text == oxigraph.canonical(template.fill(changed))


@pytest.mark.parametrize(
    "iri", ["https://a.example/", "https://badges.example.org/achievements/4", "https://z.example/x"]
)
def test_a_subject_may_come_before_what_begins_the_form_otherwise(iri: str) -> None:
    template = TEMPLATES["bench"]
    values = list(template.values_of(BENCH) or ())
    values[BENCH_PATHS.index(("evidence", 0, "id"))] = iri
    ready = template.ready(values)
    assert ready is not None
    text = oxigraph.canonical(template.fill(values))
    assert template.nquads(values) == text
    assert template.digest(ready[0]) == sha256(text.encode()).digest()


def test_more_than_ten_nodes_without_an_id_are_sorted_by_the_text_of_their_labels() -> None:
    many = copy.deepcopy(BENCH)
    many["evidence"] += [{"type": ["Evidence"], "name": f"Part {n}", "narrative": "x"} for n in range(12)]
    paths = [("evidence", n, "narrative") for n in range(2, 14)]
    template = Template.of(many, paths)
    for turn in range(20):
        values = [f"{turn} {n}" for n in range(12)]
        text = oxigraph.canonical(template.fill(values))
        assert template.nquads(values) == text
        ready = template.ready(values)
        assert ready is not None
        assert template.digest(ready[0]) == sha256(text.encode()).digest()


def test_values_that_merge_nodes_or_make_them_look_alike_get_no_answer() -> None:
    template = TEMPLATES["bench"]
    values = list(template.values_of(BENCH) or ())

    def put(**changes: str) -> list[str]:
        made = list(values)
        for name, value in changes.items():
            made[BENCH_PATHS.index(tuple(int(s) if s.isdigit() else s for s in name.split("__")))] = value
        return made

    assert template.nquads(put(evidence__0__id=values[0])) is None
    assert (
        template.nquads(put(id="urn:uuid:x", evidence__0__id="https://badges.example.org/issuers/1")) is None
    )
    assert template.nquads(put(id="https://a.example/x")) is None, "another scheme than the template's"
    two = copy.deepcopy(BENCH)
    del two["evidence"][0]["id"]
    two["evidence"][0]["genre"] = two["evidence"][1]["genre"]
    paths = [("evidence", n, key) for n in (0, 1) for key in ("name", "narrative")]
    alike = Template.of(two, paths)
    assert alike.nquads(["a", "b", "a", "c"]) == oxigraph.canonical(alike.fill(["a", "b", "a", "c"]))
    assert alike.nquads(["a", "b", "a", "b"]) is None


@pytest.mark.parametrize(
    "path",
    [
        ("@context", 0),
        ("type", 1),
        ("credentialSubject", "achievement", "achievementType"),
        ("credentialSubject", "achievement", "alignment", 0, "targetType"),
        ("credentialSubject", "creditsEarned"),
        ("credentialSubject", "identifier", 0, "hashed"),
        ("evidence", 7, "name"),
        ("nothing",),
        ("evidence",),
    ],
    ids=repr,
)  # fmt: skip
def test_places_that_hold_no_plain_text_make_no_template_or_a_right_one(path: tuple[Any, ...]) -> None:
    try:
        template = Template.of(BENCH, [path])
    except NoTemplate:
        return
    # An enumeration of Open Badges may be a text of its own: then the template must be right about it.
    for value in ("MicroCredential", "ceasn:Competency", "Badge", "ext:x", "CFItem"):
        text = template.nquads([value])
        document = template.fill([value])
        if text is not None:
            assert text == rdfc.canonicalize(jsonld.to_quads(document))


def test_no_places_or_the_same_twice_make_no_template() -> None:
    for paths in ([], [("name",), ("name",)], [("name",)] * 500):
        with pytest.raises(NoTemplate):
            Template.of(BENCH, paths)
    with pytest.raises(NoTemplate):
        Template.of({**BENCH, "unknown": "x"}, [("name",)])
    with pytest.raises(NoTemplate):
        Template.of({**BENCH, "name": ("a", "b")}, [("id",)])


def test_places_are_found_by_comparing_two_documents() -> None:
    other = filled(BENCH, [("id",), ("evidence", 1, "name")], ["urn:uuid:x", "Talk"])
    assert places(BENCH, other) == [("id",), ("evidence", 1, "name")]
    assert places(BENCH, BENCH) == []
    assert places(BENCH, {**BENCH, "more": "x"}) is None
    assert places({"a": 1}, {"a": 2}) is None
    assert places({"a": 1}, {"a": True}) is None
    assert places({"a": ["x"]}, {"a": ["x", "y"]}) is None
    assert places({"a": "x", "b": "y"}, {"b": "y", "a": "x"}) is None


# -- signing and checking by a template ------------------------------------------------------------------

KEY = SigningKey(bytes(range(32)))
PUBLIC = keys.ed25519(bytes(KEY.verify_key))
METHOD = f"did:key:{PUBLIC.multikey}#{PUBLIC.multikey}"
CREATED = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)


def sign_bytes(message: bytes) -> bytes:
    return bytes(KEY.sign(message).signature)


def batch_signer(kind: str) -> BatchSigner:
    return BatchSigner(TEMPLATES[kind], signer=sign_bytes, verification_method=METHOD)


def one_by_one(document: dict[str, Any]) -> bytes:
    return orjson.dumps(
        data_integrity.sign(document, signer=sign_bytes, verification_method=METHOD, created=CREATED)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_a_batch_signs_what_one_by_one_signs_and_refuses_what_it_refuses(case: tuple[str, list[str]]) -> None:
    kind, values = case
    signer, template = batch_signer(kind), TEMPLATES[kind]
    try:
        wanted = one_by_one(template.fill(values))
    except ProtocolError as error:
        with pytest.raises(type(error)):
            signer.sign(values, CREATED)
        return
    assert signer.sign(values, CREATED) == wanted
    data_integrity.verify(orjson.loads(wanted), public_key=PUBLIC)


@pytest.mark.parametrize("kind", SHAPES)
def test_checking_by_templates_accepts_what_was_signed_and_nothing_else(kind: str) -> None:
    signer, template = batch_signer(kind), TEMPLATES[kind]
    verifier = BatchVerifier(list(TEMPLATES.values()), public_key=PUBLIC)
    values = list(template.values_of(template.document) or ())
    signed = signer.sign(values, CREATED)
    assert verifier.verify(signed) is True
    for index, value in enumerate(values):
        other = orjson.loads(signed)
        changed = filled(other, [template.paths[index]], [value + "1"])
        with pytest.raises(BadSignature):
            verifier.verify(orjson.dumps(changed))
    other = orjson.loads(signed)
    other["proof"]["created"] = "2026-05-14T09:30:01Z"
    with pytest.raises(BadSignature):
        verifier.verify(orjson.dumps(other))


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        (b"Marked", rb"Mar\u006bed"),
        (b"Marked", rb"\u004darked"),
        ("ü".encode(), rb"\u00fc"),
        (rb"\n", rb"\u000a"),
        (rb"\"", rb"\u0022"),
        (b"a/b", rb"a\/b"),
    ],
)
def test_other_escapes_of_the_same_text_are_the_same_credential(plain: bytes, written: bytes) -> None:
    values = list(TEMPLATES["bench"].values_of(BENCH) or ())
    values[BENCH_PATHS.index(("evidence", 1, "narrative"))] = 'Marked "ü"\n a/b\\'
    data = batch_signer("bench").sign(values, CREATED)
    begin = data.index(b"Marked")
    assert plain in data[begin:]
    other = data[:begin] + data[begin:].replace(plain, written, 1)
    assert BatchVerifier([TEMPLATES["bench"]], public_key=PUBLIC).verify(other) is True
    data_integrity.verify(orjson.loads(other), public_key=PUBLIC)


@pytest.mark.parametrize(
    "broken",
    [b"\x01", b"\x1f", b"\xff", b"\xc3", rb"\x", rb"\u12", rb"\ud800", b"\n"],
)
def test_a_text_that_no_parser_takes_is_not_read(broken: bytes) -> None:
    values = list(TEMPLATES["bench"].values_of(BENCH) or ())
    data = batch_signer("bench").sign(values, CREATED).replace(b'"Merit"', b'"Mer' + broken + b'it"', 1)
    assert BatchVerifier(list(TEMPLATES.values()), public_key=PUBLIC).verify(data) is False


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b" ",
        lambda data: data.replace(b'{"@context"', b'{"name":"twice","@context"', 1),
        lambda data: data.replace(b'"Profile"', b'"Person"', 1),
        lambda data: data.replace(b"eddsa-rdfc-2022", b"eddsa-jcs-2022", 1),
        lambda data: data.replace(b'"proofValue":"z', b'"proofValue":"u', 1),
        lambda data: data.replace(b'"proof":{', b'"proof":{"previousProof":"urn:x",', 1),
        lambda data: data[:-20],
        lambda data: b"[]",
        lambda data: b'{"proof":1}',
        lambda data: b"\xff",
    ],
)
def test_what_the_templates_do_not_cover_is_said_to_be_unchecked(change: Any) -> None:
    verifier = BatchVerifier(list(TEMPLATES.values()), public_key=PUBLIC)
    values = list(TEMPLATES["bench"].values_of(BENCH) or ())
    assert verifier.verify(change(batch_signer("bench").sign(values, CREATED))) is False
