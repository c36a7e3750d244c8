"""Names in every script are welcome; what could make one name look like another is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.kernel.problems import Invalid
from guildmark.people.policies import (
    clean_country,
    clean_email,
    clean_name,
    clean_slug,
    clean_text,
    clean_url,
)

NAMES = [
    "Ada Moreno",
    "Łukasz Żółć",
    "山田 太郎",
    "محمد العربي",
    "שרה כהן",
    "ณัฐ",
    "Ngọc Ánh",
    "O’Neill-Smith",
    "𠮷田",
    "علی\u200cرضا",
    "ක්\u200dරිෂ්ණ",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_as_it_is_written(name):
    assert clean_name(name) == unicodedata.normalize("NFC", name)


def test_a_decomposed_name_is_composed():
    assert clean_name("Ana\u0301") == "Aná"


@pytest.mark.parametrize(
    "mark", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
)
def test_direction_overrides_are_refused(mark):
    with pytest.raises(Invalid) as refused:
        clean_name(f"Ada{mark}Moreno")
    assert f"U+{ord(mark):04X}" in refused.value.detail
    assert refused.value.mend


@pytest.mark.parametrize("character", list("\x00\n\r\t\x1b\x7f\x85\u2028\ufeff\ue000\u200b\u2060\ufffd"))
def test_control_characters_are_refused(character):
    with pytest.raises(Invalid):
        clean_name(f"Ada{character}Moreno")


def test_a_name_of_ten_kilobytes_is_refused_with_its_limit():
    with pytest.raises(Invalid) as refused:
        clean_name("é" * 10_000)
    assert "10,000" in refused.value.detail
    assert "200" in refused.value.detail


@pytest.mark.parametrize("name", ["", "   ", "\u00a0", "\u200d", "\u0301", "\u3164 \u3164", "\u2800"])
def test_an_empty_name_is_refused(name):
    with pytest.raises(Invalid):
        clean_name(name)


@given(st.text(max_size=300))
def test_a_name_is_refused_or_safe_and_stable(text):
    try:
        name = clean_name(text)
    except Invalid:
        return
    assert name == clean_name(name)
    assert 0 < len(name) <= 200
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@x.org", "ada@x", "a b@x.org", "a@x.org\nBcc: b@x.org", "a" * 300 + "@x.org"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Invalid) as refused:
        clean_email(address)
    assert refused.value.field == "email"


def test_an_address_is_trimmed_and_lowered():
    assert clean_email("  Ada.Moreno@Example.ORG ") == "ada.moreno@example.org"


@pytest.mark.parametrize("slug", ["", "a b", "-a", "a-", "a--b", "ä", "api", "a" * 61, "a/b", "../x", "A\n"])
def test_what_cannot_be_part_of_an_address_is_refused(slug):
    with pytest.raises(Invalid):
        clean_slug(slug if slug != "A\n" else "a\nb")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.org", "x.org", "https://", "https://x.org/" + "a" * 400]
)
def test_only_web_addresses_are_web_sites(url):
    with pytest.raises(Invalid) as refused:
        clean_url(url)
    assert refused.value.field == "url"


def test_a_web_site_and_a_country_may_be_left_out():
    assert (clean_url(" "), clean_country(" "), clean_country("nl")) == ("", "", "NL")
    with pytest.raises(Invalid):
        clean_country("N1")


def test_running_text_keeps_its_lines_and_nothing_hidden():
    assert clean_text("one\r\ntwo", field="description", limit=20) == "one\ntwo"
    for text in ("a\x00b", "a\u202eb", "x" * 21):
        with pytest.raises(Invalid):
            clean_text(text, field="description", limit=20)
