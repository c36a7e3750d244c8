"""Safe mode: whatever would be lost on the way to quads is an error."""

import json

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from guildmark.protocol import contexts
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.errors import Malformed, ProtocolError, TooLarge, UndefinedTerm, UnknownContext
from guildmark.protocol.openbadges.build import build
from tests.protocol import samples

V2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def credential(**members):
    return {
        "@context": [V2, OB],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:a.example",
        "credentialSubject": {"id": "did:web:b.example"},
    } | members


def pyld_quads(document):
    def load(url, options):
        return {
            "contextUrl": None,
            "documentUrl": url,
            "document": json.loads(contexts.raw(url)),
            "contentType": "application/ld+json",
        }

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return pyld.normalize(document, options)


def oxigraph_canonical(quads):
    text = "".join(f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n" for s, p, o, g in quads)
    dataset = ox.Dataset(ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(ox.serialize([quad], format=ox.RdfFormat.N_QUADS).decode() for quad in dataset)
    return "".join(lines)


@pytest.mark.parametrize("spec", [samples.spec(), samples.completion()])
def test_a_whole_credential_agrees_with_two_independent_implementations(spec):
    document = build(spec)
    made = jsonld.canonicalize(document)
    assert made == pyld_quads(document)
    assert made == oxigraph_canonical(jsonld.to_quads(document))


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names, names, st.lists(names, min_size=1, max_size=4))
def test_any_script_agrees_with_pyld(name, description, tags):
    document = credential(
        name=name,
        description=description,
        evidence=[{"type": ["Evidence"], "name": tag, "genre": name} for tag in tags],
    )
    assert jsonld.canonicalize(document) == pyld_quads(document)


@pytest.mark.parametrize(
    "members",
    [
        {"undefinedTerm": "x"},
        {"type": ["VerifiableCredential", "Undefined"]},
        {"issuer": "relative/address"},
        {"issuer": "a b:c"},
        {"credentialSubject": {"id": "x"}},
        {"credentialSubject": "relative"},
        {"name": None},
        {"evidence": []},
        {"name": {"@value": "x", "@direction": "up"}},
        {"name": {"@value": "x", "@index": "rtl"}},
        {"name": {"@value": "x", "@language": "not a tag"}},
        {"@index": "x"},
        {"@bogus": "x"},
        {"id": "@bogus"},
        {"type": ["VerifiableCredential", "@bogus"]},
        {
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "achievement": {"type": ["Achievement"], "nope": "x"},
            }
        },
        {"credentialSubject": {"type": "JsonSchema", "jsonSchema": {"free": "form"}}},
    ],
)
def test_nothing_is_lost_in_silence(members):
    with pytest.raises(Malformed):
        jsonld.canonicalize(credential(**members))


def test_a_changed_address_changes_the_statement():
    with pytest.raises(UndefinedTerm):
        jsonld.canonicalize(credential(id="5f0c2d0e"))


def test_a_context_that_is_not_shipped_is_an_error():
    with pytest.raises(UnknownContext):
        jsonld.canonicalize(credential(**{"@context": [V2, "https://example.org/c"]}))
    with pytest.raises(UnknownContext):
        jsonld.canonicalize(credential(**{"@context": [V2, {"@import": "https://example.org/c"}]}))


def test_protected_terms_cannot_be_redefined():
    with pytest.raises(Malformed):
        jsonld.canonicalize(credential(**{"@context": [V2, {"name": "https://example.org/other"}]}))


def test_a_few_contexts_of_ones_own_are_fine_and_many_are_refused():
    nested = {"id": "urn:x", "@context": {"a": "urn:a"}, "a": "b"}
    assert jsonld.canonicalize(credential(credentialSubject=[nested] * 24))
    with pytest.raises(TooLarge):
        jsonld.canonicalize(credential(credentialSubject=[nested] * 25))


@pytest.mark.parametrize("document", [{}, {"@context": V2}, {"@context": V2, "id": "urn:x"}, {"@context": 5}])
def test_a_document_that_says_nothing_is_refused(document):
    with pytest.raises(ProtocolError):
        jsonld.canonicalize(document)


def test_every_shipped_context_has_the_hash_of_the_manifest():
    for url in contexts.known():
        assert json.loads(contexts.raw(url))["@context"]
    manifests = (contexts._manifest(), contexts._manifest("conformance.json"))
    listed = {entry["file"] for manifest in manifests for entry in manifest.values()}
    assert listed == {path.name for path in (contexts._HERE / "data").iterdir()}


def test_an_altered_context_is_refused(monkeypatch):
    manifest = {V2: {"file": "credentials-v2.json", "sha256": "0" * 64}}
    monkeypatch.setattr(contexts, "_manifest", lambda name="manifest.json": manifest)
    with pytest.raises(Malformed, match="altered"):
        contexts.raw.__wrapped__(V2)


def test_numbers_are_written_as_the_standard_says():
    document = {"@context": {"n": "urn:n"}, "n": [1, 1.0, 1.5, 0.1, 1e21, -0.00012, True]}
    values = {quad[2] for quad in jsonld.to_quads(document)}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert values == {
        f'"1"^^<{xsd}integer>',
        f'"1.5E0"^^<{xsd}double>',
        f'"1.0E-1"^^<{xsd}double>',
        f'"1.0E21"^^<{xsd}double>',
        f'"-1.2E-4"^^<{xsd}double>',
        f'"true"^^<{xsd}boolean>',
    }
