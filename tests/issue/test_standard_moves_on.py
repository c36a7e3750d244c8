"""Whatever becomes of a standard, the signed bytes of what was issued on it stay as they are (M1, UP3)."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from django.test import Client

from guildmark.design import actions, queries
from guildmark.design.models import AchievementVersion, PresentationRevision
from guildmark.design.types import VersionView
from guildmark.issue import queries as issue
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.site.public import own
from tests.design.builders import criterion
from tests.issue.builders import issued

pytestmark = pytest.mark.django_db
EDITS = 1_000
WORDS = ("Builds", "checks", "the", "sequence", "every", "branch", "before", "launch", "not", "7", "messages")


class Author:
    """Edits a standard at random, as one does over years, and publishes now and then."""

    def __init__(self, org: Any, view: VersionView, seed: int) -> None:
        self.org, self.achievement_id = org, view.achievement_id
        self.chance = random.Random(seed)
        self.edits = 0
        self.published: list[str] = []

    def words(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(3, 9))) + "."

    def edit(self, content: dict[str, Any]) -> dict[str, Any]:
        """One member, changed as somebody might change it."""
        chance, kind = self.chance, self.chance.randrange(9)
        criteria = copy.deepcopy(content["criteria"])
        if kind == 0:
            chance.choice(criteria)["descriptors"][chance.randrange(4)] = self.words()
        elif kind == 1 and len(criteria) < 9:
            new = criterion(f"k{100 + self.edits}", f"Aspect {self.edits}", must_pass=chance.random() < 0.5)
            criteria.append({**new, "evidence": content["criteria"][0]["evidence"]})
        elif kind == 2 and len(criteria) > 4:
            added = [one for one in criteria if len(one["id"]) > 2]  # the first ones cover the competencies
            criteria.remove(chance.choice(added))
        elif kind == 3:
            chance.shuffle(criteria)
        else:
            return chance.choice(
                [
                    {"title": f"Welcome sequence {self.edits}"},
                    {"summary": self.words()},
                    {"audience": self.words()},
                    {"badge_note": self.words()},
                    {"validity_months": chance.randint(6, 36)},
                    {"pass_level": chance.choice([3, 4])},
                    {"conditions": {**content["conditions"], "resubmissions": chance.randint(0, 3)}},
                    {"samples": [{"id": "s1", "title": "One", "text": self.words(), "note": self.words()}]},
                    {"context": [{"kind": "tool", "name": "Mailwright", "version": str(self.edits)}]},
                ]
            )
        return {"criteria": criteria}

    def work(self, edits: int) -> None:
        draft = self.start()
        while self.edits < edits:
            draft = self.save(draft, self.edit(draft.standard.model_dump(mode="json")))
            if self.chance.random() < 0.02:
                self.publish(draft)
                # Small steps between the large ones: a clearer sentence, another sample.
                for small in ({"summary": self.words()}, {"audience": self.words()}):
                    self.publish(self.save(self.start(), small))
                draft = self.start()

    def start(self) -> VersionView:
        return actions.start_new_version(
            by=self.org.owner, org_id=self.org.id, achievement_id=self.achievement_id
        )

    def save(self, draft: VersionView, change: dict[str, Any]) -> VersionView:
        self.edits += 1
        return actions.save_draft(
            by=self.org.owner, org_id=self.org.id, version_id=draft.id, content=change, revision=None
        )

    def publish(self, draft: VersionView) -> None:
        try:
            done = actions.publish(
                by=self.org.owner, org_id=self.org.id, version_id=draft.id, update_note=f"Edit {self.edits}."
            )
        except (Conflict, Invalid):  # what was typed was taken back, or the gate asks for more
            return
        self.published.append(done.number)


def test_a_thousand_edits_and_their_publications_leave_every_signed_byte(org):
    credential = issued(org)
    view = queries.version(org.id, credential.version_id)
    earned = copy.deepcopy(AchievementVersion.objects.for_org(org.id).get(id=view.id).content)
    by_address = Client().get(credential.path, headers={"Accept": "application/json"}).content
    author = Author(org, view, seed=20261127)
    author.work(EDITS)
    assert author.edits >= EDITS
    assert len(set(author.published)) > 10
    assert {number.partition(".")[2] for number in author.published} == {"0", "1"}
    assert PresentationRevision.objects.for_org(org.id).count() > 5
    after = issue.public_credential(credential.public_id)
    assert (after.body, after.body_sha256) == (credential.body, credential.body_sha256)
    assert Client().get(credential.path, headers={"Accept": "application/json"}).content == by_address
    row = AchievementVersion.objects.for_org(org.id).get(id=view.id)
    assert (row.content, row.core_hash) == (earned, view.core_hash)
    assert own.verify(after.body, org.id).verdict.value == "valid"
    assert all(queries.verify_hash(org.id, v.id) for v in queries.public_versions(view.slug))
    status = issue.status_now(after)
    assert (status.verdict, "newer_standard" in status.warnings) == ("valid", True)
