"""Who acts. Every action takes an :class:`Actor`; the audit chain records it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Literal
from uuid import UUID

from guildmark.kernel.problems import Forbidden, NotFound
from guildmark.kernel.words import said, said_in

ROLES = ("owner", "designer", "assessor", "registrar", "manager", "auditor")
_ROLE_WORDS = (
    said_in("role", "owner"),
    said_in("role", "designer"),
    said_in("role", "assessor"),
    said_in("role", "registrar"),
    said_in("role", "manager"),
    said_in("role", "auditor"),
)
ROLE_WORDS: dict[str, str] = {str(role): role for role in _ROLE_WORDS}


@dataclass(frozen=True)
class Actor:
    """A person, an API key, a learner or the system itself, with the roles held in one organisation.

    ``scopes`` narrows an API key; None means that scopes do not apply. ``label`` is for people to read and is
    kept out of the audit chain (DECISIONS 16: no unsalted personal data in hashes).
    """

    kind: Literal["user", "key", "learner", "system"]
    id: UUID | None = None
    org_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    label: str = ""
    scopes: frozenset[str] | None = None

    def has(self, *roles: str) -> bool:
        """True when the actor holds one of the roles; an owner and the system hold all of them."""
        return self.kind == "system" or "owner" in self.roles or bool(self.roles & set(roles))

    def require(self, org_id: UUID, *roles: str) -> None:
        """Refuse an actor of another organisation (as if nothing were there) or without one of the roles."""
        if self.kind == "system":
            return
        if self.org_id != org_id:
            raise NotFound(said("There is nothing at this address, or it belongs to another organisation."))
        if roles and not self.has(*roles):
            words = [ROLE_WORDS.get(role, role) for role in roles]
            wanted = reduce(lambda a, b: said("{first} or {second}", first=a, second=b), words)
            raise Forbidden(
                said("This needs the role {role}.", role=wanted),
                mend=said("Ask an owner of the organisation for it."),
            )


SYSTEM = Actor(kind="system", label="Guildmark")
