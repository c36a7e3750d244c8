"""Learner records at ``/verify`` and on the command line: a line and a verdict for each credential inside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guildmark.issue import actions as issue
from guildmark.kernel.clock import now
from guildmark.keys import queries as keys
from guildmark.protocol import clr
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.openbadges.v3 import IssuerSpec, RecipientSpec
from guildmark.protocol.proofs import data_integrity
from guildmark.verify import actions
from guildmark.verify.own import own_document
from guildmark.verify.report_text import render
from tests.issue.builders import issued, recorded

pytestmark = pytest.mark.django_db


def record_of(org: Any, *views: Any) -> str:
    """A record that the organisation signed over credentials of its own."""
    signer = keys.signer(org.id)
    document = clr.build_clr(
        clr.ClrSpec(
            id="urn:uuid:7c1e7d0e-52d0-4f0c-9d6a-7f4b1d5b0c11",
            name="Everything that Ada showed",
            issuer=IssuerSpec(keys.issuer_id(org.slug), "Northlamp", keys.issuer_url(org.slug)),
            recipient=RecipientSpec(hash_email("ada@learner.example", "salt"), "salt"),
            credentials=[json.loads(view.body) for view in views],
            valid_from=now(),
        )
    )
    signed = data_integrity.sign(
        document, signer=signer.sign, verification_method=signer.verification_method, created=now()
    )
    return json.dumps(signed)


def test_each_credential_inside_has_its_line(client: Client, org: Any) -> None:
    skill, course = issued(org), recorded(org)
    issue.revoke(by=org.owner, org_id=org.id, public_id=course.public_id, reason="Never took part.")
    text = record_of(org, skill, course)
    page = client.post("/verify", {"text": text}).content.decode()
    assert 'data-state="valid"' in page
    assert "Everything that Ada showed" in page
    assert "What is inside" in page
    assert skill.title in page
    assert course.title in page
    assert "The issuer revoked it." in page
    report = actions.verify_bytes(text.encode(), own=own_document)
    assert [one.verdict.value for one in report.contained] == ["valid", "revoked"]
    printed = render(report)
    assert "Inside:" in printed
    assert f"[XX] {course.title}" in printed
    assert "1 of 2 credentials are not valid: revoked." in " ".join(printed.split())


def test_a_changed_record_is_not_shown_as_proven(client: Client, org: Any) -> None:
    text = record_of(org, recorded(org)).replace("Everything that Ada showed", "Much more")
    page = client.post("/verify", {"text": text}).content.decode()
    assert 'data-state="tampered"' in page
    assert "Not proven: anybody can write this." in page
