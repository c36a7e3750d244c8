"""Organisations and people for tests, made through the actions like everywhere else."""

from __future__ import annotations

from uuid import UUID

from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.people import actions, queries
from guildmark.people.types import LearnerView, OrgView

PASSWORD = "correct-horse-7"


class Org:
    """An organisation with an owner; more members and learners on demand."""

    def __init__(self, slug: str = "northlamp") -> None:
        self.slug = slug
        self.owner_id = self.user("owner")
        self.view: OrgView = actions.create_organisation(
            by=SYSTEM, name=slug.title(), slug=slug, owner_id=self.owner_id, url=f"https://{slug}.example"
        )
        self.id = self.view.id
        self.owner = self.actor(self.owner_id)

    def user(self, name: str) -> UUID:
        return actions.create_user(
            email=f"{name}@{self.slug}.example", name=name.title(), password=PASSWORD, verified=True
        )

    def actor(self, user_id: UUID) -> Actor:
        actor = queries.actor_in(user_id, self.id)
        assert actor is not None
        return actor

    def member(self, *roles: str, name: str = "") -> Actor:
        """A new member with these roles, joined through an invitation."""
        name = name or "-".join(roles)
        # The owner who came first has that address.
        name = "second-owner" if name == "owner" else name
        user_id = self.user(name)
        _, token = actions.invite(
            by=self.owner, org_id=self.id, email=f"{name}@{self.slug}.example", roles=list(roles)
        )
        actions.accept_invitation(token=token, user_id=user_id)
        return self.actor(user_id)

    def learner(self, name: str = "Ada Moreno", email: str = "") -> LearnerView:
        address = email or f"{name.split()[0].lower()}@learner.example"
        return actions.ensure_learner(by=self.owner, org_id=self.id, email=address, name=name)
