"""Enveloped credentials and presentations (VCDM 2.0, sections 4.13.1 and 4.13.2): a token inside a ``data:`` URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from guildmark.protocol import contexts, vcdm
from guildmark.protocol.errors import Malformed, UnsupportedProof

#: Media types under which a credential or a presentation may be enveloped (VC-JOSE-COSE, section 6).
_SECURED: Final = {
    vcdm.ENVELOPED_CREDENTIAL: ("application/vc+jwt", "application/vc+sd-jwt", "application/vc+cose"),
    vcdm.ENVELOPED_PRESENTATION: ("application/vp+jwt", "application/vp+sd-jwt", "application/vp+cose"),
}
_DATA_URL: Final = re.compile(r"data:([a-z]+/[a-z0-9.+-]+)(;base64)?,(\S.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a ``data:`` URL carries: its media type and the token."""

    media_type: str
    token: str

    def compact_jws(self) -> str:
        """The token, if it is a plain JWS; UnsupportedProof for SD-JWT and COSE, which are not read here."""
        if not self.media_type.endswith(("/vc+jwt", "/vp+jwt")):
            raise UnsupportedProof(f"Envelopes of type {self.media_type} are not read here.", field="id")
        return self.token


def kind_of(document: Mapping[str, Any]) -> str | None:
    """The type of an enveloping object, or None if it is no envelope."""
    types = document.get("type")
    found = types if isinstance(types, list) else [types]
    return next((kind for kind in _SECURED if kind in found), None)


def wrap(token: str, kind: str = vcdm.ENVELOPED_CREDENTIAL) -> dict[str, Any]:
    """Return a compact JWS as an enveloping object."""
    return {
        "@context": [contexts.CREDENTIALS_V2],
        "id": f"data:{_SECURED[kind][0]},{token}",
        "type": kind,
    }


def open_envelope(document: Mapping[str, Any], kind: str) -> Envelope:
    """Return what an enveloping object of a kind carries; Malformed if its form is wrong."""
    given = document.get("@context")
    named = given if isinstance(given, list) else [given]
    if contexts.CREDENTIALS_V2 not in named:
        raise Malformed("An envelope names the base context of VCDM 2.0.", field="@context")
    if kind_of(document) != kind:
        raise Malformed(f"The type of the envelope is not {kind}.", field="type")
    match = _DATA_URL.match(document["id"]) if isinstance(document.get("id"), str) else None
    if match is None or match.group(1) not in _SECURED[kind]:
        raise Malformed(
            f"The id of the envelope is no data: URL of {' or '.join(_SECURED[kind])}.", field="id"
        )
    # White space at the end of a token means nothing, and there are issuers who leave a line feed there.
    return Envelope(match.group(1), match.group(3).rstrip())
