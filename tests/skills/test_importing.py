"""Importing: once, again, changed, broken, killed half-way; and what other rooms read afterwards."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from guildmark.kernel import audit, clock, files, tasks
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.skills import actions, importing, queries
from guildmark.skills.formats.common import Options
from guildmark.skills.models import Framework, FrameworkImport, Skill, Term, Tie
from tests.skills.builders import PLAIN, below, case, ctdl, esco, imported, item

pytestmark = pytest.mark.django_db
FLOUR, BAKING = "http://data.europa.eu/esco/skill/a3", "http://data.europa.eu/esco/skill/a2"


def stored(org: Any) -> dict[str, list[Any]]:
    models = (Framework, Skill, Tie, Term)
    return {model.__name__: sorted(model.objects.for_org(org.id).values_list()) for model in models}


def the_framework(org: Any) -> Any:
    (found,) = queries.frameworks(org.id)
    return found


def test_an_import_is_recorded_with_source_licence_and_attribution(org: Any) -> None:
    view = imported(org, esco(), "esco_1.1.1_en.zip")
    assert (view.state, view.format, dict(view.counts)["added"]) == ("done", "esco", 6)
    framework = the_framework(org)
    assert (framework.state, framework.version) == ("current", "1.1.1")
    assert (framework.skills, framework.others) == (4, 2)
    assert framework.source_sha256 == view.sha256
    assert framework.licence_url.startswith("https://eur-lex")
    assert "ESCO classification" in framework.attribution
    assert view.framework_ids == (framework.id,)
    actions_of = [event.action for event in audit.history(org.id) if event.action.startswith("skills.")]
    assert actions_of == ["skills.import_asked", "skills.framework_imported"]
    assert OutboxEvent.objects.filter(org_id=org.id, kind="skills.framework_imported").count() == 1


def test_the_same_file_again_changes_nothing(org: Any) -> None:
    imported(org, esco(), "esco_1.1.1_en.zip")
    before = stored(org)
    view = imported(org, esco(), "esco_1.1.1_en.zip")
    assert (view.state, dict(view.counts)["unchanged"]) == ("done", 6)
    assert stored(org) == before
    assert OutboxEvent.objects.filter(org_id=org.id, kind="skills.framework_imported").count() == 1


def test_a_new_edition_changes_adds_withdraws_and_restores(org: Any) -> None:
    one, two, three = (item(f"A{n}", text) for n, text in enumerate(("Mixes", "Bakes", "Sells")))
    imported(org, case([one, two, three]))
    ids = {s.name: s.id for s in map(queries.skill_view, queries.skill_rows(org.id, the_framework(org).id))}
    changed = {**two, "fullStatement": "Bakes loaves"}
    view = imported(org, case([one, changed, item("A9", "Packs")]))
    assert dict(view.counts) == {"added": 1, "changed": 1, "unchanged": 1, "withdrawn": 1, "restored": 0}
    gone = queries.skill(org.id, three["uri"])
    assert (gone.state, gone.name, gone.id) == ("withdrawn", "Sells", ids["Sells"])
    assert gone.withdrawn_at is not None
    assert queries.skill(org.id, two["uri"]).id == ids["Bakes"]
    assert (the_framework(org).skills, the_framework(org).withdrawn_skills) == (3, 1)
    assert [m.skill.name for m in queries.search(org.id, "sells")] == []
    back = imported(org, case([one, changed, three]))
    assert (dict(back.counts)["restored"], dict(back.counts)["withdrawn"]) == (1, 1)
    assert queries.skill(org.id, three["uri"]).state == "current"
    assert [m.skill.name for m in queries.search(org.id, "sells")] == ["Sells"]


def test_a_withdrawn_skill_keeps_its_place(org: Any) -> None:
    top, one, two = item("A0", "Baking"), item("A1", "Mixes"), item("A2", "Bakes")
    imported(org, case([top, one, two], CFAssociations=[below(one, top), below(two, top)]))
    imported(org, case([top, one], CFAssociations=[below(one, top)]))
    imported(org, case([top, {**one, "notes": "new"}], CFAssociations=[below(one, top)]))
    assert [s.name for s in queries.parents(org.id, two["uri"])] == ["Baking"]
    assert [s.name for s in queries.children(org.id, top["uri"])] == ["Mixes"]


def test_a_row_that_became_unusable_is_not_taken_for_withdrawn(org: Any) -> None:
    one, two = item("A1", "Mixes"), item("A2", "Bakes")
    imported(org, case([one, two]))
    view = imported(org, case([one, {**two, "fullStatement": ""}]))
    assert (dict(view.counts)["withdrawn"], dict(view.found)) == (0, {"error": 1})
    assert queries.skill(org.id, two["uri"]).state == "current"


def test_a_new_order_of_the_file_is_kept(org: Any) -> None:
    one, two = item("A1", "Mixes"), item("A2", "Bakes")
    imported(org, case([one, two]))
    view = imported(org, case([two, one]))
    assert dict(view.counts)["unchanged"] == 2
    rows = queries.skill_rows(org.id, the_framework(org).id)
    assert [row.name for row in rows] == ["Bakes", "Mixes"]


def test_a_file_that_is_only_a_part_is_refused_unless_it_is_meant(org: Any) -> None:
    everything = "id,name\n" + "".join(f"n{n},Skill {n}\n" for n in range(300))
    part = "id,name\n" + "".join(f"n{n},Skill {n}\n" for n in range(20))
    imported(org, everything, "list.csv")
    before = stored(org)
    view = imported(org, part, "list.csv")
    assert view.state == "failed"
    assert "280 of the 300" in view.error
    assert stored(org) == before
    assert imported(org, part, "list.csv", withdraw_many=True).state == "done"
    assert (the_framework(org).skills, the_framework(org).withdrawn_skills) == (20, 280)


def test_a_refused_file_leaves_nothing_but_its_findings(org: Any) -> None:
    view = imported(org, "id,name\n1,\n2,\n", "list.csv")
    assert (view.state, view.findings[0].row, view.findings[0].field) == ("failed", "list.csv line 2", "name")
    assert stored(org) == {"Framework": [], "Skill": [], "Tie": [], "Term": []}
    row = FrameworkImport.objects.for_org(org.id).get()
    with pytest.raises(NotFound):
        files.open_file(row.file_key)


def test_a_fault_half_way_leaves_nothing(org: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(org, case())
    before = stored(org)

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(importing, "_put_in_place", broken)
    with pytest.raises(OSError, match="disk"):
        imported(org, case([item("A1", "Mixes")]))
    with pytest.raises(OSError, match="disk"):
        imported(org, PLAIN, "other.csv")
    assert stored(org) == before
    assert {row.state for row in FrameworkImport.objects.for_org(org.id)} == {"done", "failed"}


def test_what_a_killed_worker_left_is_removed_by_the_next(org: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    view = actions.import_framework(
        by=org.owner, org_id=org.id, filename="bakery.json", pieces=[case().encode()]
    )
    with monkeypatch.context() as patch:
        # Killed for good: not even the clearing up is reached.
        patch.setattr(importing, "_put_in_place", killed)
        patch.setattr(importing, "_discard", lambda job, framework: None)
        lease = tasks.claim(importing.TASK)
        assert lease is not None
        with pytest.raises(Killed):
            importing.run(org.id, view.id, lease=lease)
    assert Skill.objects.for_org(org.id).filter(state="imported").count() == 4
    assert queries.frameworks(org.id) == []
    assert queries.search(org.id, "dough") == []
    importing.run(org.id, view.id, lease=lease)
    assert queries.framework_import(org.id, view.id).state == "done"
    assert (the_framework(org).skills, Skill.objects.for_org(org.id).count()) == (4, 4)


def test_a_worker_that_lost_its_lease_changes_nothing(org: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    view = actions.import_framework(
        by=org.owner, org_id=org.id, filename="bakery.json", pieces=[case().encode()]
    )
    late = tasks.claim(importing.TASK)
    assert late is not None
    from guildmark.kernel.models import Task

    Task.objects.filter(id=late.task_id).update(fence=late.fence + 1)
    with pytest.raises(tasks.LeaseLost):
        importing.run(org.id, view.id, lease=late)
    assert stored(org) == {"Framework": [], "Skill": [], "Tie": [], "Term": []}


def test_an_upload_is_imported_by_the_worker_and_the_same_one_waits_only_once(org: Any) -> None:
    def send() -> Any:
        return actions.import_framework(
            by=org.owner, org_id=org.id, filename="bakery.json", pieces=[case().encode()]
        )

    first, second = send(), send()
    assert first.id == second.id
    assert (first.state, first.moves) == ("queued", True)
    tasks.run_until_idle()
    done = queries.framework_import(org.id, first.id)
    assert (done.state, dict(done.counts)["added"]) == ("done", 4)


def test_two_imports_of_one_organisation_do_not_run_at_once(
    org: Any, other_org: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PATIENCE", 0)
    view = actions.import_framework(by=org.owner, org_id=org.id, filename="b.json", pieces=[case().encode()])
    other = FrameworkImport.objects.create(org_id=org.id, filename="other", sha256="0" * 64, state="running")
    lease = tasks.claim(importing.TASK)
    with pytest.raises(tasks.Retry):
        importing.run(org.id, view.id, lease=lease)
    refused = imported(org, case([item("A1", "Mixes")]), "second.json")
    assert (refused.state, "Another import" in refused.error) == ("failed", True)
    assert imported(other_org, case()).state == "done"
    FrameworkImport.objects.for_org(org.id).filter(id=other.id).update(
        touched_at=other.touched_at - importing.SILENCE
    )
    importing.run(org.id, view.id, lease=lease)
    assert queries.framework_import(org.id, view.id).state == "done"


def test_an_import_that_nobody_works_on_is_given_up(org: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_put_in_place", killed)
        patch.setattr(importing, "_discard", lambda job, framework: None)
        with pytest.raises(Killed):
            imported(org, case())
    tasks.run_sweeps(force=True)
    (view,) = queries.imports(org.id)
    assert view.state == "running"
    with clock.at(clock.now() + importing.DEAD + timedelta(minutes=1)):
        tasks.run_sweeps(force=True)
    (view,) = queries.imports(org.id)
    assert (view.state, "interrupted" in view.error) == ("failed", True)
    assert stored(org) == {"Framework": [], "Skill": [], "Tie": [], "Term": []}


def test_pieces_that_are_no_longer_whole_are_never_put_in_place(
    org: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place = importing._put_in_place

    def robbed(job: Any, plan: Any) -> None:
        first = Skill.objects.for_org(org.id).filter(state="imported").first()
        assert first is not None
        first.delete()
        put_in_place(job, plan)

    monkeypatch.setattr(importing, "_put_in_place", robbed)
    assert imported(org, case()).state == "failed"
    assert stored(org) == {"Framework": [], "Skill": [], "Tie": [], "Term": []}


def test_progress_is_told_while_it_runs(org: Any) -> None:
    lines = "id,name\n" + "".join(f"n{n},Skill {n}\n" for n in range(2_500))
    view = actions.import_framework(
        by=org.owner, org_id=org.id, filename="l.csv", pieces=[lines.encode()], queue=False
    )
    told: list[tuple[str, int, int]] = []
    actions.run_import(by=org.owner, org_id=org.id, import_id=view.id, watch=lambda *at: told.append(at))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == [
        "reading",
        "storing",
        "indexing",
    ]
    assert [done for stage, done, _ in told if stage == "storing"] == [0, 1_000, 2_000, 2_500]


def test_a_framework_without_skills_is_kept_but_not_offered(org: Any) -> None:
    head = {
        "@id": "f1",
        "@type": "ceasn:CompetencyFramework",
        "ceasn:name": "Empty",
        "ceasn:hasTopChild": ["c1"],
    }
    view = imported(org, json.dumps(head), "empty.jsonld")
    assert (view.state, view.findings[0].field) == ("done", "hasChild")
    assert (the_framework(org).state, the_framework(org).skills) == ("imported", 0)


def test_withdrawing_a_framework_takes_its_skills_out_of_use_and_can_be_undone(org: Any) -> None:
    imported(org, case())
    framework = the_framework(org)
    uri = queries.search(org.id, "dough")[0].skill.uri
    actions.withdraw_framework(by=org.owner, org_id=org.id, framework_id=framework.id)
    assert queries.search(org.id, "dough") == []
    assert queries.skill(org.id, uri).state == "withdrawn"
    with pytest.raises(Conflict):
        actions.withdraw_framework(by=org.owner, org_id=org.id, framework_id=framework.id)
    again = imported(org, case([item("A1", "Kneads dough")]))
    assert any("stays so" in finding.message for finding in again.findings)
    assert queries.search(org.id, "dough") == []
    imported(org, case())
    actions.restore_framework(by=org.owner, org_id=org.id, framework_id=framework.id)
    assert queries.skill(org.id, uri).state == "current"
    assert the_framework(org).withdrawn_at is None


def test_only_designers_import_and_withdraw(org: Any, other_org: Any) -> None:
    imported(org, case())
    assessor, stranger = org.member("assessor"), other_org.owner
    for actor, refusal in ((assessor, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            actions.import_framework(by=actor, org_id=org.id, filename="x.csv", pieces=[b"name\nx\n"])
        with pytest.raises(refusal):
            actions.withdraw_framework(by=actor, org_id=org.id, framework_id=the_framework(org).id)
    assert org.member("designer").has("designer")


def test_another_organisation_sees_nothing(org: Any, other_org: Any) -> None:
    imported(org, case())
    uri = queries.search(org.id, "dough")[0].skill.uri
    assert queries.frameworks(other_org.id) == []
    assert queries.search(other_org.id, "dough") == []
    with pytest.raises(NotFound):
        queries.skill(other_org.id, uri)
    with pytest.raises(NotFound):
        queries.framework(other_org.id, the_framework(org).id)


def test_a_table_can_be_a_new_edition_of_a_framework_of_ours(org: Any) -> None:
    imported(org, "code,name\n1,Mixes\n", "first.csv", title="Our skills", language="en")
    first = the_framework(org)
    view = actions.import_framework(
        by=org.owner,
        org_id=org.id,
        filename="second edition.csv",
        pieces=[b"code,name\n1,Mixes well\n"],
        into=first.id,
        queue=False,
    )
    done = actions.run_import(by=org.owner, org_id=org.id, import_id=view.id)
    assert dict(done.counts)["changed"] == 1
    assert (the_framework(org).id, the_framework(org).title) == (first.id, "Our skills")


def test_unusable_options_are_refused_before_anything_is_stored(org: Any) -> None:
    for options, field in (
        (Options(format="xls"), "format"),
        (Options(language="english please"), "language"),
        (Options(columns={"colour": "x"}), "columns"),
        (Options(licence_url="javascript:alert(1)"), "licence_url"),
        (Options(title="x" * 301), "title"),
    ):
        with pytest.raises(Invalid) as caught:
            actions.import_framework(
                by=org.owner, org_id=org.id, filename="x.csv", pieces=[b"name\nx\n"], options=options
            )
        assert caught.value.field == field
    assert not FrameworkImport.objects.for_org(org.id).exists()


# -- what other rooms read ---------------------------------------------------------------------------


def test_siblings_parents_and_children(org: Any) -> None:
    imported(org, case())
    top, mixing, resting, shaping = (
        queries.skill_view(row) for row in queries.skill_rows(org.id, the_framework(org).id)
    )
    assert [s.code for s in queries.children(org.id, top.uri)] == ["B1.1", "B1.2", "B1.3"]
    assert [s.code for s in queries.siblings(org.id, mixing.uri)] == ["B1.2", "B1.3"]
    assert [s.code for s in queries.siblings(org.id, mixing.uri, required_only=True)] == ["B1.2"]
    assert [s.code for s in queries.parents(org.id, shaping.uri)] == ["B1"]
    assert queries.parents(org.id, top.uri) == []
    assert [s.code for s in queries.top(org.id, the_framework(org).id)] == ["B1"]
    assert queries.siblings(org.id, top.uri) == []
    assert queries.child_counts(org.id, the_framework(org).id, [top, resting]) == {top.id: 3}


def test_ties_name_what_a_skill_needs_and_what_lies_elsewhere(org: Any) -> None:
    imported(org, esco(), "esco.zip")
    (needed,) = queries.ties(org.id, BAKING)
    assert (needed.kind, needed.skill and needed.skill.name, needed.outgoing) == (
        "essential",
        "mix dough",
        False,
    )
    imported(org, ctdl(), "c.jsonld")
    mixing = next(
        m.skill for m in queries.search(org.id, "Mixing a dough firmly") if m.skill.name == "Mixing"
    )
    assert [(t.kind, t.uri, t.skill) for t in queries.ties(org.id, mixing.uri)] == [
        ("exact", "http://data.europa.eu/esco/skill/a1", None)
    ]


def test_a_skill_of_two_languages_is_resolved_in_the_one_that_is_asked_for(org: Any) -> None:
    text = "conceptUri,preferredLabel,skillType\n" + FLOUR + ",{},knowledge\n"
    imported(org, text.format("types of flour"), "skills_en.csv")
    imported(org, text.format("Mehlsorten"), "skills_de.csv")
    assert [f.language for f in queries.frameworks(org.id)] == ["de", "en"]
    assert queries.skill(org.id, FLOUR, language="de").name == "Mehlsorten"
    assert queries.skill(org.id, FLOUR, language="en-GB").name == "types of flour"
