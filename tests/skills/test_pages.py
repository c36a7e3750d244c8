"""The pages of frameworks, as a designer, a member and a stranger see them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.kernel import tasks
from guildmark.skills import actions, queries
from guildmark.skills.models import FrameworkImport
from tests.people.builders import PASSWORD
from tests.skills.builders import case, ctdl, esco, imported, item

pytestmark = pytest.mark.django_db
HOME = "/studio/northlamp/frameworks"


@pytest.fixture
def owner(org: Any) -> Client:
    return signed_in(f"owner@{org.slug}.example")


def signed_in(email: str) -> Client:
    client = Client()
    assert client.login(email=email, password=PASSWORD)
    return client


def upload(content: str | bytes = "", name: str = "package.json", **more: Any) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    return {"file": SimpleUploadedFile(name, data or case().encode()), **more}


def test_the_empty_list_teaches_and_leads_to_the_first_import(owner: Client) -> None:
    page = owner.get(HOME).text
    assert "No framework yet" in page
    assert f'href="{HOME}/import"' in page
    assert "CASE 1.0 and 1.1" in owner.get(f"{HOME}/import").text


def test_an_upload_is_imported_and_its_page_says_what_was_noticed(org: Any, owner: Client) -> None:
    answer = owner.post(f"{HOME}/import", upload(esco(), "esco.zip"))
    assert answer.status_code == 303
    waiting = owner.get(answer["Location"])
    assert "Waiting for the worker" in waiting.text
    assert 'data-live="' in waiting.text
    progress = f"{answer['Location']}/progress"
    assert "X-Live" not in owner.get(progress)
    tasks.run_until_idle()
    assert owner.get(progress)["X-Live"] == "done"
    done = owner.get(answer["Location"]).text
    assert "6 added" in done
    assert "skills_en.csv line 6" in done
    assert 'data-live="' not in done


def test_progress_shows_the_stage_and_the_count(org: Any, owner: Client) -> None:
    view = actions.import_framework(by=org.owner, org_id=org.id, filename="x.json", pieces=[case().encode()])
    FrameworkImport.objects.for_org(org.id).update(state="running", stage="storing", done=1_200, total=14_000)
    page = owner.get(f"{HOME}/imports/{view.id}/progress").text
    assert "Storing skills" in page
    assert "1,200 of 14,000" in page
    assert 'max="14000" value="1200"' in page


def test_a_refused_file_says_why_and_that_nothing_was_stored(org: Any, owner: Client) -> None:
    view = imported(org, "id,name\n1,\n", "list.csv")
    page = owner.get(f"{HOME}/imports/{view.id}").text
    assert "Nothing of this file was stored" in page
    assert "list.csv line 2" in page


def test_a_mapping_that_cannot_be_used_is_shown_at_its_field(owner: Client) -> None:
    for columns, words in (("name", "is no mapping"), ("colour=x", "none of our columns")):
        answer = owner.post(f"{HOME}/import", upload(columns=columns))
        assert answer.status_code == 422
        assert words in answer.text
    assert "no language tag" in owner.post(f"{HOME}/import", upload(language="english please")).text
    assert owner.post(f"{HOME}/import", {}).status_code == 422


def test_the_list_searches_all_current_frameworks(org: Any, owner: Client) -> None:
    imported(org, case())
    page = owner.get(HOME, {"q": "mixes a firm dough"}).text
    assert "Mixes a dough to a given firmness" in page
    assert "No skill of a current framework" in owner.get(HOME, {"q": "quantum"}).text


def test_a_framework_is_browsed_searched_and_shows_its_source(org: Any, owner: Client) -> None:
    imported(org, case())
    (framework,) = queries.frameworks(org.id)
    address = f"{HOME}/{framework.id}"
    top = owner.get(address).text
    assert "Working with dough" in top
    assert "Shapes loaves" not in top
    assert framework.source_sha256 in top
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in top
    assert "Shapes loaves" in owner.get(address, {"show": "all"}).text
    assert "No skill has been withdrawn" in owner.get(address, {"show": "withdrawn"}).text
    assert "Shapes loaves" in owner.get(address, {"q": "loaf"}).text


def test_a_skill_shows_what_contains_it_and_what_stands_beside_it(org: Any, owner: Client) -> None:
    imported(org, case())
    found = queries.search(org.id, "mixes")[0].skill
    page = owner.get(f"{HOME}/{found.framework_id}/skills/{found.id}").text
    assert "Working with dough" in page
    assert "says nothing about the 2 others" in page
    assert "optional" in page


def test_a_withdrawn_skill_is_listed_and_says_since_when(org: Any, owner: Client) -> None:
    one, two = item("A1", "Mixes"), item("A2", "Bakes")
    imported(org, case([one, two]))
    imported(org, case([one]))
    gone = queries.skill(org.id, two["uri"])
    assert "Bakes" in owner.get(f"{HOME}/{gone.framework_id}", {"show": "withdrawn"}).text
    assert "kept for what names it" in owner.get(f"{HOME}/{gone.framework_id}/skills/{gone.id}").text


def test_withdrawing_and_restoring_a_framework(org: Any, owner: Client) -> None:
    imported(org, case())
    (framework,) = queries.frameworks(org.id)
    address = f"{HOME}/{framework.id}"
    assert owner.post(f"{address}/withdraw").status_code == 303
    assert "Restore it" in owner.get(address).text
    assert owner.post(f"{address}/withdraw").status_code == 409
    assert owner.post(f"{address}/restore").status_code == 303
    assert queries.framework(org.id, framework.id).state == "current"


def test_exports_come_as_files(org: Any, owner: Client) -> None:
    imported(org, ctdl(), "c.jsonld")
    (framework,) = queries.frameworks(org.id)
    answer = owner.get(f"{HOME}/{framework.id}/case.json")
    assert answer["Content-Disposition"] == 'attachment; filename="bakery-framework-en-us.case.json"'
    assert json.loads(answer.content)["CFDocument"]["title"] == "Bakery framework"
    assert owner.get(f"{HOME}/{framework.id}/ctdl.jsonld")["Content-Type"] == "application/ld+json"


def test_suggestions_come_as_a_fragment_to_choose_from(org: Any, owner: Client) -> None:
    imported(org, case())
    address = "/studio/northlamp/skills/suggest"
    fragment = owner.get(address, {"text": "mixes a dough", "name": "skill_1"}).text
    assert "<html" not in fragment
    assert 'type="radio" name="skill_1"' in fragment
    assert 'name="skill"' in owner.get(address, {"text": "dough", "name": '"><script>'}).text
    assert owner.get(address, {"text": ""}).text.strip() == ""
    assert "other words" in owner.get(address, {"text": "quantum"}).text


def test_texts_of_a_file_are_shown_as_texts(org: Any, owner: Client) -> None:
    hostile = item("A1", 'Bakes "><img src=x onerror=alert(1) bread', notes="javascript:alert(1)")
    hostile["uri"] = "javascript:alert(1)"
    imported(org, case([hostile]))
    (framework,) = queries.frameworks(org.id)
    (row,) = queries.skill_rows(org.id, framework.id)
    page = owner.get(f"{HOME}/{framework.id}/skills/{row.id}").text
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_a_member_reads_and_only_a_designer_imports(org: Any) -> None:
    imported(org, case())
    (framework,) = queries.frameworks(org.id)
    org.member("assessor")
    client = signed_in("assessor@northlamp.example")
    page = client.get(HOME)
    assert page.status_code == 200
    assert "Import a framework" not in page.text
    assert client.get(f"{HOME}/import").status_code == 403
    assert client.post(f"{HOME}/{framework.id}/withdraw").status_code == 403
    assert "Withdraw it" not in client.get(f"{HOME}/{framework.id}").text


def test_pages_of_large_frameworks_need_few_statements(org: Any, owner: Client) -> None:
    lines = "id,name,parent\nr,Root,\n" + "".join(f"n{n},Skill {n},r\n" for n in range(600))
    imported(org, lines, "big.csv")
    (framework,) = queries.frameworks(org.id)
    child = queries.skill_rows(org.id, framework.id)[5]
    for address in ("", "?show=all", "?show=all&page=5", "?q=skill", f"/skills/{child.id}"):
        with CaptureQueriesContext(connection) as captured:
            assert owner.get(f"{HOME}/{framework.id}{address}").status_code == 200
        assert len(captured) <= 20, address
