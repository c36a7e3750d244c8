"""The faces: one for each way of securing and each kind of key, as test suites ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from guildmark.protocol.keys import Kind

Purpose = Literal["revocation", "suspension"]


@dataclass(frozen=True)
class Face:
    """One address that issues. ``cryptosuite`` is None for tokens; ``status`` makes it add ``credentialStatus``."""

    name: str
    kind: Kind
    cryptosuite: str | None
    tags: tuple[str, ...]
    versions: tuple[str, ...] = ("1.1", "2.0")
    status: Purpose | None = None


_EDDSA: Final = ("eddsa-rdfc-2022", "vc2.0", "vc-api")

FACES: Final = {
    face.name: face
    for face in (
        Face("eddsa-rdfc-2022", "Ed25519", "eddsa-rdfc-2022", _EDDSA),
        Face("eddsa-jcs-2022", "Ed25519", "eddsa-jcs-2022", ("eddsa-jcs-2022",)),
        Face("ecdsa-rdfc-2019-p256", "P-256", "ecdsa-rdfc-2019", ("ecdsa-rdfc-2019",)),
        Face("ecdsa-rdfc-2019-p384", "P-384", "ecdsa-rdfc-2019", ("ecdsa-rdfc-2019",)),
        Face("ecdsa-jcs-2019-p256", "P-256", "ecdsa-jcs-2019", ("ecdsa-jcs-2019",)),
        Face("ecdsa-jcs-2019-p384", "P-384", "ecdsa-jcs-2019", ("ecdsa-jcs-2019",)),
        Face("ecdsa-sd-2023-p256", "P-256", "ecdsa-sd-2023", ("ecdsa-sd-2023",)),
        Face("jwt", "P-256", None, ("EnvelopingProof",), ("2.0",)),
        Face(
            "bitstring-revocation",
            "Ed25519",
            "eddsa-rdfc-2022",
            ("BitstringStatusList", "Revocation"),
            ("2.0",),
            "revocation",
        ),
        Face(
            "bitstring-suspension",
            "Ed25519",
            "eddsa-rdfc-2022",
            ("BitstringStatusList", "Suspension"),
            ("2.0",),
            "suspension",
        ),
    )
}

#: Who asks for these wants the status looked at, not only the proof.
STATUS_TAGS: Final = ("BitstringStatusList", "Revocation", "Suspension")
#: What is verified on every curve of the record; ecdsa-sd-2023 knows one and is listed apart.
VERIFIER_TAGS: Final = tuple(
    dict.fromkeys(
        tag for face in FACES.values() for tag in face.tags if tag not in (*STATUS_TAGS, "ecdsa-sd-2023")
    )
)
HOLDER_TAGS: Final = ("ecdsa-sd-2023", "vcHolder")
#: Enveloped presentations are not offered: the one that the suite wants accepted is a token of type ``JWT`` with a
#: ``vp`` claim, which VC-JOSE-COSE forbids.
PRESENTATION_TAGS: Final = ("vc2.0", "vc-api")
