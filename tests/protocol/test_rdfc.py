"""RDFC-1.0 against an independent implementation, and against graphs made to be slow."""

import time

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.protocol.canonical import rdfc
from guildmark.protocol.errors import Malformed, TooLarge

P = "http://example.org/p"


def oracle(quads, algorithm=ox.CanonicalizationAlgorithm.RDFC_1_0):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(algorithm)
    lines = sorted(ox.serialize([quad], format=ox.RdfFormat.N_QUADS).decode().encode() for quad in dataset)
    return b"".join(lines).decode()


def term(value):
    if isinstance(value, ox.BlankNode):
        return f"_:{value.value}"
    if isinstance(value, ox.NamedNode):
        return rdfc.iri(value.value)
    if isinstance(value, ox.DefaultGraph):
        return ""
    return rdfc.literal(value.value, value.datatype.value, value.language)


def ours(quads, **options):
    lines = [(term(q.subject), term(q.predicate), term(q.object), term(q.graph_name)) for q in quads]
    return rdfc.canonicalize(lines, **options)


blank = st.integers(0, 5).map(lambda n: ox.BlankNode(f"b{n}"))
named = st.integers(0, 2).map(lambda n: ox.NamedNode(f"http://example.org/{n}"))
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
literal = st.one_of(text.map(ox.Literal), text.map(lambda t: ox.Literal(t, language="en")))
quad = st.builds(
    ox.Quad,
    st.one_of(blank, blank, named),
    named,
    st.one_of(blank, blank, named, literal),
    st.one_of(st.just(ox.DefaultGraph()), st.just(ox.DefaultGraph()), blank, named),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(quad, min_size=1, max_size=12))
def test_it_agrees_with_an_independent_implementation(quads):
    assert ours(quads) == oracle(quads)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(quad, min_size=1, max_size=10))
def test_it_agrees_with_sha_384_too(quads):
    assert ours(quads, hash_name="sha384") == oracle(quads, ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_384)


def test_it_escapes_as_the_specification_says():
    control = "".join(map(chr, range(0x20))) + '\x7f"\\\u00e9\U0001f600'
    expected = (
        '"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000B\\f\\r\\u000E\\u000F'
        "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001A\\u001B\\u001C\\u001D"
        '\\u001E\\u001F\\u007F\\"\\\\\u00e9\U0001f600"'
    )
    assert rdfc.literal(control) == expected


def clique(size):
    return [(f"_:n{a}", f"<{P}>", f"_:n{b}", "") for a in range(size) for b in range(size) if a != b]


@pytest.mark.parametrize("size", [8, 10, 12, 40])
def test_it_refuses_a_poison_graph_at_once(size):
    started = time.perf_counter()
    with pytest.raises(TooLarge, match="canonical form would take too long"):
        rdfc.canonicalize(clique(size))
    assert time.perf_counter() - started < 5


def test_a_small_symmetric_graph_is_still_canonicalized():
    quads = clique(4)
    renamed = [(s.replace("n", "x"), p, o.replace("n", "x"), g) for s, p, o, g in reversed(quads)]
    assert rdfc.canonicalize(quads) == rdfc.canonicalize(renamed)


def test_it_bounds_quads_and_blank_nodes():
    many = [(f"_:b{n}", f"<{P}>", f'"{n}"', "") for n in range(50)]
    with pytest.raises(TooLarge, match="statements"):
        rdfc.canonicalize(many, limits=rdfc.RdfcLimits(quads=49))
    with pytest.raises(TooLarge, match="without an id"):
        rdfc.canonicalize(many, limits=rdfc.RdfcLimits(blank_nodes=49))


@pytest.mark.parametrize("bad", ["relative", "http://a b", 'http://a"b', "http://a<b", "", "http://a\nb"])
def test_it_refuses_what_is_no_absolute_iri(bad):
    with pytest.raises(Malformed):
        rdfc.iri(bad)
