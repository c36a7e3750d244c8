"""1EdTech Revocation List Status Method 1.0: an unsigned list of revoked ids at the address of the status entry.

What makes it the issuer's word is the signed credential that names the address. Anybody who changes the list on its way
can hide a revocation, so it must come over https where the loader gives the choice; that is the loader's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from guildmark.protocol.errors import StatusError, StatusListWrongType
from guildmark.protocol.openbadges.nodes import address_of, list_of

TYPE: Final = "1EdTechRevocationList"
#: The name of the specification, and the singular that some issuers write.
_MEMBERS: Final = ("revokedCredentials", "revokedCredential")


def list_url(entry: Mapping[str, Any]) -> str:
    """The address of the list that a ``credentialStatus`` names; StatusError if it names none."""
    url = entry.get("id")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise StatusError("The status names no address of a revocation list.", field="credentialStatus.id")
    return url.split("#", 1)[0]


def is_revoked(served: Mapping[str, Any], *, credential_id: Any, issuer: str) -> bool:
    """Say whether a served list holds a credential, with ``revoked`` true or left out.

    StatusError when it cannot be told: no list, the list of another issuer, or a credential without id.
    """
    if not isinstance(credential_id, str):
        raise StatusError("A credential without id cannot be looked up in a revocation list.", field="id")
    member = next((name for name in _MEMBERS if name in served), None)
    if member is None:
        raise StatusListWrongType("What is served is no 1EdTech revocation list.", field=_MEMBERS[0])
    owner = address_of(served, "issuer")
    if owner is not None and owner != issuer:
        raise StatusListWrongType("The revocation list is that of another issuer.", field="issuer")
    for entry in list_of(served, member):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise StatusListWrongType("An entry of the revocation list names no credential.", field=member)
        if entry["id"] == credential_id and entry.get("revoked", True) is not False:
            return True
    return False
