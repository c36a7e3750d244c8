"""A small world of documents that a verifier can ask for, all signed with the sample key."""

from datetime import UTC, datetime

from guildmark.protocol.errors import NotAvailable
from guildmark.protocol.openbadges import supersession
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.status import bitstring
from tests.protocol import samples

ISSUER_URL = "https://academy.example/o/northlamp/did.json"


def sign(document, *, key=samples.KEY, method=samples.METHOD):
    return suite.sign(
        document,
        signer=lambda message: key.sign(message).signature,
        verification_method=method,
        created=samples.CREATED,
    )


def credential(**changes):
    return sign(build(samples.spec(**changes)))


def status_list(url, purpose, indices=(), **changes):
    values = {
        "url": url,
        "issuer": samples.ISSUER,
        "purpose": purpose,
        "bits": bitstring.from_indices(indices),
        "valid_from": datetime(2026, 3, 1, tzinfo=UTC),
        "valid_until": datetime(2026, 12, 31, tzinfo=UTC),
    }
    return bitstring.build_list(**(values | changes))


def record(old_id, **changes):
    values = {
        "old_id": old_id,
        "new_id": "https://academy.example/c/0b0c2d0e-6a8f-4c58-8f0a-8a1b8e9f2d22",
        "new_sha256": b"\3" * 32,
        "issuer": samples.ISSUER,
        "issuer_name": "Northlamp Academy",
        "reason": "The name was misspelt.",
        "valid_from": datetime(2026, 4, 1, tzinfo=UTC),
    }
    return sign(supersession.build_record(**(values | changes)))


class World:
    """Documents by address. Calling it is loading; what is missing is NotAvailable."""

    def __init__(self, *, revoked=(), suspended=(), **changes):
        self.asked = []
        self.documents = {
            ISSUER_URL: samples.issuer_document(),
            samples.LIST_REVOKED: sign(status_list(samples.LIST_REVOKED, "revocation", revoked)),
            samples.LIST_SUSPENDED: sign(status_list(samples.LIST_SUSPENDED, "suspension", suspended)),
        } | changes

    def __call__(self, url):
        self.asked.append(url)
        if url not in self.documents:
            raise NotAvailable(f"{url} does not answer.")
        return self.documents[url]
