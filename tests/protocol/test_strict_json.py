"""The fast way of reading JSON against the careful one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.protocol import strict_json
from guildmark.protocol.errors import Malformed, TooLarge
from guildmark.protocol.strict_json import JsonLimits

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["\x7f", "\u2028", "𝒳", '"', "\\", "\x01", "é"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def careful(data: bytes, limits: JsonLimits, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(strict_json, "_quick", lambda raw, limits: None)
        return outcome(data, limits)


def outcome(data: bytes, limits: JsonLimits) -> Any:
    try:
        return json.dumps(strict_json.loads(data, limits))
    except (Malformed, TooLarge) as error:
        return type(error)


@given(values, st.sampled_from([None, 1, 2]), st.booleans(), st.integers(1, 6), st.integers(1, 40))
def test_both_ways_read_the_same(value: Any, indent: int | None, spaced: bool, depth: int, most: int) -> None:
    separators = (", ", ": ") if spaced else (",", ": " if indent else ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    limits = JsonLimits(depth=depth, values=most)
    assert outcome(data, limits) == careful(data, limits, pytest.MonkeyPatch())


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1.0E5}',
        b'{"a":9007199254740993}',
        b'{"a":18446744073709551616}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"\\u0061":1,"a":2}',
        b"\xef\xbb\xbf{}",
        b"{} ",
        b"1",
        b"",
        b"[" * 60 + b"]" * 60,
    ],
)
def test_doubtful_texts_are_left_to_the_careful_way(text: bytes) -> None:
    assert strict_json._quick(text, JsonLimits()) is None


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (b"[1,2,3]", JsonLimits(values=4)),
        (b"[[],[],[]]", JsonLimits(values=4)),
        (b'{"":1}', JsonLimits(values=3)),
        (b'[{"":1},{"":2}]', JsonLimits(values=7)),
        (b'["[[[[{{{{"]', JsonLimits(depth=1)),
        (b'[["]"]]', JsonLimits(depth=2)),
        (b"[9007199254740991,-9007199254740991]", JsonLimits()),
    ],
)
def test_a_text_just_within_its_bounds_is_read_and_one_less_is_refused(
    text: bytes, limits: JsonLimits
) -> None:
    assert strict_json.loads(text, limits) == json.loads(text)
    if limits.values < 100:
        with pytest.raises(TooLarge):
            strict_json.loads(text, JsonLimits(values=limits.values - 1))
    if limits.depth < 10:
        with pytest.raises(TooLarge):
            strict_json.loads(text, JsonLimits(depth=limits.depth - 1))


@pytest.mark.parametrize(
    "text", [b"[9007199254740992]", b'{"a":{"b":[-9007199254740992]}}', b"[\n  9007199254740992\n]"]
)
def test_whole_numbers_on_which_readers_disagree_are_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        strict_json.loads(text)
