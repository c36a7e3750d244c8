"""A credential of VCDM 1.1 may name the ends of its period twice; neither hides the other."""

from __future__ import annotations

import pytest

from guildmark.protocol import contexts
from guildmark.protocol.verify import Verdict
from tests.protocol import samples
from tests.protocol.hostile import judged
from tests.protocol.world import sign

OLDER = {
    "@context": [contexts.CREDENTIALS_V1, "https://w3id.org/security/data-integrity/v2"],
    "id": "urn:uuid:8c1f0c9e-6d6b-4f3f-9c1b-0a2f7f0f9a11",
    "type": ["VerifiableCredential"],
    "issuer": samples.ISSUER,
    "issuanceDate": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:ada"},
}
PAST, FUTURE = "2026-02-01T00:00:00Z", "2030-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("dates", "verdict"),
    [
        ({}, Verdict.VALID),
        ({"expirationDate": FUTURE}, Verdict.VALID),
        ({"expirationDate": PAST}, Verdict.EXPIRED),
        ({"expirationDate": PAST, "validUntil": FUTURE}, Verdict.EXPIRED),
        ({"expirationDate": FUTURE, "validUntil": PAST}, Verdict.EXPIRED),
        ({"issuanceDate": FUTURE, "validFrom": PAST}, Verdict.NOT_YET_VALID),
        ({"issuanceDate": PAST, "validFrom": FUTURE}, Verdict.NOT_YET_VALID),
    ],
)
def test_the_later_beginning_and_the_earlier_end_count(dates: dict[str, str], verdict: Verdict) -> None:
    assert judged(sign({**OLDER, **dates})).verdict is verdict
