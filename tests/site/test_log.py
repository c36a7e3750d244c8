"""The public log of standards, and the command line that checks what it gave."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guildmark.cli import main
from guildmark.issue import log_heads
from guildmark.issue import queries as issue
from guildmark.kernel import clock, standards_log
from guildmark.kernel.models import StandardsLogEntry
from guildmark.protocol.openbadges import logged
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.signed_note import read_checkpoint
from tests.design.builders import drafted, published, successor
from tests.evidence.builders import decided
from tests.issue.builders import issued

pytestmark = pytest.mark.django_db


def fetched(path: str) -> dict[str, Any]:
    response = Client().get(path)
    assert response.status_code == 200, path
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "max-age" in response["Cache-Control"]
    return dict(response.json())


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """``files("name", content)`` writes a file for the command line and gives its path."""

    def write(name: str, content: Any) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


def log(*words: str) -> int:
    return main(["log", *words])


def test_the_log_is_read_and_its_proofs_are_checked_offline(org: Any, files: Any, capsys: Any) -> None:
    credential = issued(org)
    kept = fetched("/log/head")
    version = published(org, title="Another standard")
    successor(org, version, summary="The same, in clearer words.")
    log_heads.sign_head(org.id)
    assert [one["entry"]["version"] for one in fetched("/log/entries")["entries"]] == ["1.0", "1.0", "1.1"]
    assert fetched("/log/entries?from=1")["next"] is None
    proof = fetched("/log/proof/0")
    trust = {"documents": issue.trust_documents(org.id)}
    done = log(
        "check",
        files("proof.json", proof),
        "--head",
        files("head.txt", Client().get("/log/checkpoint").content),
        "--trust",
        files("trust.json", trust),
        "--credential",
        files("credential.json", credential.body),
    )
    said = capsys.readouterr().out
    assert done == 0, said
    assert "entry 0 of 3" in said
    assert f"signed by {proof['signedBy']}" in said
    assert "The bar was public 0 days before the work" in said
    change = fetched(f"/log/consistency/{kept['size']}/3")
    now = fetched("/log/head")
    assert log("compare", files("old.json", kept), files("new.json", now), files("c.json", change)) == 0
    assert "begins with the log of 1" in capsys.readouterr().out


def test_a_tampered_date_breaks_the_proof_and_the_comparison(org: Any, files: Any, capsys: Any) -> None:
    credential = issued(org)
    proof = fetched("/log/proof/0")
    earlier = (clock.now() - timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")
    forged = {**proof, "entry": {**proof["entry"], "publishedAt": earlier}}
    assert log("check", files("forged.json", forged)) == 1
    assert "changed" in capsys.readouterr().err
    document = json.loads(credential.body)
    for result in document["credentialSubject"]["result"]:
        if result["resultDescription"].endswith("standardPublished"):
            result["value"] = earlier[:10]
    assert log("check", files("proof.json", proof), "--credential", files("c.json", document)) == 1
    assert "another day" in capsys.readouterr().err
    other = published(org, title="Another standard")
    found = standards_log.entry_of(other.slug, "1.0")
    assert found is not None
    wrong = files("wrong.json", fetched(f"/log/proof/{found.index}?size=2"))
    assert log("check", wrong, "--credential", files("credential.json", credential.body)) == 1
    assert "another standard" in capsys.readouterr().err
    assert log("check", wrong, "--head", files("head.json", {"size": 2, "rootHash": "00" * 32})) == 1
    assert log("check", files("broken.json", b"{")) == 3
    assert log("check", "/no/such/file.json") == 2
    assert log("check", wrong, "--trust", files("trust.json", {"documents": {}})) == 2


def test_a_proof_without_a_signature_does_not_pass_for_signed(org: Any, files: Any, capsys: Any) -> None:
    published(org)
    log_heads.sign_head(org.id)
    proof = fetched("/log/proof/0")
    trust = files("trust.json", {"documents": issue.trust_documents(org.id)})
    unsigned = {**proof, "signedHead": None}
    assert log("check", files("unsigned.json", unsigned), "--trust", trust) == 1
    assert "has not signed" in capsys.readouterr().err


def test_a_log_that_forgot_an_entry_is_caught_by_a_head_that_was_kept(
    org: Any, files: Any, capsys: Any
) -> None:
    for title in ("One", "Two", "Three"):
        published(org, title=title)
    kept = fetched("/log/head")
    change = fetched("/log/consistency/3/3")
    forged = {**fetched("/log/head"), "rootHash": standards_log.root(2).hex()}
    assert log("compare", files("old.json", kept), files("new.json", forged), files("c.json", change)) == 1
    assert "does not begin with" in capsys.readouterr().err


def test_the_pages_say_what_is_proven_and_what_is_not(org: Any) -> None:
    published(org)
    page = Client().get("/log").content.decode()
    assert "What it does not prove" in page
    assert 'href="/log/entries/0"' in page
    entry = Client().get("/log/entries/0").content.decode()
    assert standards_log.entry(0).leaf_hash.hex() in entry
    assert "Entered later" not in entry
    as_json = Client().get("/log/entries/0", headers={"accept": "application/json"}).json()
    assert as_json["entry"]["standard"] == standards_log.entry(0).entry.standard


def test_a_proof_for_a_named_size_never_changes_and_no_other_size_is_made_up(org: Any) -> None:
    for title in ("One", "Two"):
        published(org, title=title)
    named = Client().get("/log/proof/0?size=1")
    assert (named.json()["size"], named.json()["path"]) == (1, [])
    assert "immutable" in named["Cache-Control"]
    assert "immutable" not in Client().get("/log/proof/0")["Cache-Control"]
    for size in ("3", "0", "-1", "many", "9" * 40):
        assert Client().get(f"/log/proof/0?size={size}").status_code == 404, size


def test_an_empty_log_and_unknown_places_are_told(db: None) -> None:
    assert fetched("/log/head")["size"] == 0
    assert "No standard has been published" in Client().get("/log").content.decode()
    for path in (
        "/log/checkpoint",
        "/log/entries/0",
        "/log/proof/0",
        "/log/proof/99999999999999999999999",
        "/log/consistency/1/2",
        "/log/consistency/0/0",
    ):
        assert Client().get(path).status_code == 404, path
    assert Client().post("/log/head").status_code == 405


def test_the_signed_head_is_a_note_that_other_programs_read(org: Any) -> None:
    published(org)
    log_heads.sign_head(org.id)
    note = Client().get("/log/checkpoint").content.decode()
    assert read_checkpoint(note).root == standards_log.root(1)
    assert note.startswith(f"{standards_log.origin()}\n1\n")
    assert fetched("/log/head")["signed"]["verifierKey"].count("+") >= 2


def test_the_credential_names_its_entry_and_the_page_leads_to_it(org: Any) -> None:
    day = clock.now() - timedelta(days=41)
    with clock.at(day):
        version = published(org)
    view = issued(org, version=version)
    facts = read(json.loads(view.body))
    found = standards_log.entry_of(version.slug, "1.0")
    named = logged.named_entry(facts)
    assert found is not None
    assert named == logged.Named(0, found.leaf_hash.hex())
    logged.check_entry(facts, found.entry)
    page = Client().get(view.path).content.decode()
    assert "The bar was public 41 days before this evidence" in page
    assert 'href="/log/entries/0"' in page
    assert 'href="/log/proof/0"' in page
    checked = Client().post("/verify", {"text": view.body.decode()}).content.decode()
    assert "The bar was public 41 days before this evidence. It names entry 0" in checked


def test_the_page_tells_when_the_log_does_not_bear_the_credential_out(org: Any) -> None:
    from django.db import connection

    from guildmark.kernel import audit

    view = issued(org)
    audit.drop_triggers(connection, "kernel_standardslogentry")
    row = StandardsLogEntry.objects.get()
    day = clock.now().strftime("%Y-%m-%d")
    StandardsLogEntry.objects.update(leaf=row.leaf.replace(day, "2020-01-01"))
    page = Client().get(view.path).content.decode()
    assert "The credential names another entry of the log." in page
    assert "See its entry in the log" not in page


def test_a_draft_is_in_no_log_and_a_decision_names_the_entry(org: Any) -> None:
    drafted(org)
    assert standards_log.size() == 0
    decision = decided(org)
    found = standards_log.entries(0, 1)[0]
    assert decision.acknowledged_hash == found.entry.core_hash
