"""The bar page: everything a reader looks at before beginning, and the limits of a credential."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.assess.evidence import actions as evidence
from guildmark.design import doing
from guildmark.design import queries as design
from guildmark.kernel import clock
from guildmark.people import actions as people
from guildmark.protocol.openbadges.reading import read
from guildmark.site.demo import standards
from guildmark.site.public import not_shown
from guildmark.site.public.facts import page_facts
from tests.design.builders import completion_content, published, successor
from tests.evidence.builders import decided, enrolled
from tests.issue.builders import issued, recorded
from tests.people.builders import PASSWORD

pytestmark = pytest.mark.django_db


def page_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return html.unescape(response.content.decode())


@pytest.fixture
def version(org: Any) -> Any:
    content = standards.sequence(0)
    return published(org, **{key: content[key] for key in content})


def test_the_page_shows_every_part_of_the_bar(version: Any) -> None:
    page = page_of(f"/s/{version.slug}")
    standard = version.standard
    for duty in doing.duties(standard):
        assert duty.sentence in page
    for words in (
        "140 EUR, all three attempts and the credential",
        "After the third attempt you may enrol again",
        "3 attempts, with feedback between them",
        "1 judge rates each piece of work",
        "Not yet measurable",
        "n = 0 decided on this version; shown from 20",
        "A sequence that leaves nothing open",
        "just fails",
        "level 2, Partly",
        "What the judges said",
        "opens at video.northlamp.example, in a new window",
        "In the end you explain two decisions.",
        "entry 0 of",
        "Doing it live",
        "next review",
    ):
        assert words in page, words
    for criterion in standard.criteria:
        for descriptor in criterion.descriptors:
            assert descriptor in page
    # Nothing of others is loaded before a click.
    assert not re.findall(r'<(?:iframe|video|img|script|embed|object)[^>]*src="https?:', page)


def test_the_rubric_is_given_to_programs(version: Any) -> None:
    base = f"/s/{version.slug}/v/1.0"
    as_json = Client().get(f"{base}/rubric.json")
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{base}/rubric.csv").content.decode())))
    assert as_json.json()["coreHash"] == version.core_hash
    assert len(rows) == sum(len(one["levels"]) for one in as_json.json()["criteria"]) == 20
    assert as_json["Access-Control-Allow-Origin"] == "*"
    assert Client().get(f"/s/{version.slug}/v/9.9/rubric.csv").status_code == 404


def test_captions_come_from_our_own_address(version: Any, org: Any) -> None:
    response = Client().get(f"/s/{version.slug}/v/1.0/captions.vtt")
    assert response["Content-Type"].startswith("text/vtt")
    assert response.content.startswith(b"WEBVTT")
    assert response["X-Content-Type-Options"] == "nosniff"
    plain = published(org, title="Without a video")
    assert Client().get(f"/s/{plain.slug}/v/1.0/captions.vtt").status_code == 404


def test_a_video_of_our_own_address_is_played_with_its_captions(org: Any) -> None:
    explainer = {
        "url": "http://localhost:8000/media/two-minutes.mp4",
        "captions": standards._EXPLAINER["captions"],
    }
    version = published(org, explainer=explainer)
    page = page_of(f"/s/{version.slug}")
    assert '<video controls preload="none" src="http://localhost:8000/media/two-minutes.mp4"' in page
    assert f'<track kind="captions" src="/s/{version.slug}/v/1.0/captions.vtt"' in page


def test_a_pass_rate_is_shown_from_twenty_decisions_with_n_and_interval(org: Any) -> None:
    version = published(org)
    for number in range(20):
        learner = org.learner(f"Learner {number}", email=f"l{number}@learner.example")
        decided(org, "passed" if number < 15 else "not_passed", version, learner)
        if number == 18:
            assert "n = 19 decided on this version; shown from 20" in page_of(f"/s/{version.slug}")
    page = page_of(f"/s/{version.slug}")
    assert "75 %" in page
    assert "n = 20 decided on this version; 53 to 89 %" in page


def test_the_page_stays_under_thirty_queries(version: Any, org: Any) -> None:
    for number in range(3):
        successor(org, version, summary=f"Clearer words, edition {number}.")
    with CaptureQueriesContext(connection) as queries:
        page_of(f"/s/{version.slug}")
    assert len(queries) < 15


def test_a_completion_record_has_a_bar_page_too(org: Any) -> None:
    version = published(org, **completion_content())
    page = page_of(f"/s/{version.slug}")
    assert "nobody judged any work" in page
    assert "Nobody is judged" in page
    assert Client().get(f"/s/{version.slug}/v/1.0/rubric.json").status_code == 404


def test_a_credential_says_what_it_does_not_show_from_its_signed_content(org: Any) -> None:
    view = issued(org)
    facts = read(json.loads(view.body))
    said = not_shown.of_credential(facts)
    page = page_of(view.path)
    assert said[0] == "Writing for paid advertising."
    today = clock.now().date()
    for words in (
        "nobody watched while the work was done",
        "anything else than Mailwright 4.2",
        "another language than English",
        f"handed in on {today.day} {today:%B %Y}",
        "One judge rated this work.",
    ):
        assert any(words in line for line in said), words
        assert words in page
    record = recorded(org)
    lines = not_shown.of_credential(read(json.loads(record.body)))
    assert lines == ("Whether the person can do what was taught: nobody judged any work.",)
    assert "nobody judged any work" in page_of(record.path)


def test_aids_in_the_signed_conditions_are_named(org: Any) -> None:
    version = published(
        org,
        conditions={
            "allowed_aids": "Any documentation.",
            "authorship": "Declared.",
            "supervision": "online",
            "authorship_checks": ["defence"],
        },
    )
    said = "\n".join(not_shown.of_credential(read(json.loads(issued(org, version=version).body))))
    assert "Allowed were: any documentation." in said
    assert "supervised online only" in said


def test_work_older_than_the_bar_is_called_so_on_the_page(org: Any) -> None:
    """Bytes cannot be changed unseen, but a foreign or faulty issuer could sign such dates."""
    view = issued(org)
    document = json.loads(view.body)
    later = (clock.now() + timedelta(days=3)).date().isoformat()
    for result in document["credentialSubject"]["result"]:
        if result["resultDescription"].endswith("standardPublished"):
            result["value"] = later
    assert page_facts(document).days_public == -3


def test_a_learner_is_told_what_changed_since_they_agreed(org: Any) -> None:
    version = published(org)
    learner = org.learner()
    enrolment, actor = enrolled(org, version, learner)
    criteria = [part.model_dump(mode="json") for part in version.standard.criteria]
    criteria[1]["descriptors"][2] = "Complete, right, and the cause is named."
    successor(
        org,
        version,
        note="Names the cause.",
        criteria=criteria,
        conditions={"turnaround_days": 5, "authorship_checks": ["defence"]},
    )
    user = people.create_user(email=learner.email, name="Ada", password=PASSWORD, verified=True)
    people.adopt_learners(user)
    client = Client()
    client.force_login(get_user_model().objects.get(id=user))
    page = client.get(f"/learn/{enrolment.id}/bar").content.decode()
    for words in (
        "What changed since you agreed",
        "From version 1.0",
        "to version 2.0",
        "Names the cause.",
        "How it is judged",
        "Criteria, “Fault diagnosis”, descriptors",
        "Complete, right, and the cause is named.",
        "Conditions, turnaround days",
    ):
        assert words in page, words
    evidence.acknowledge_bar(
        by=actor,
        org_id=org.id,
        enrolment_id=enrolment.id,
        version_id=(newest := design.latest_published(version.slug)).id,
        core_hash=newest.core_hash,
    )
    assert "What changed since you agreed" not in client.get(f"/learn/{enrolment.id}/bar").content.decode()
