"""Explainer videos that are uploaded: taken into a draft, kept for whatever names them, refused when they are none."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guildmark.cli import main
from guildmark.config import load
from guildmark.design import actions, bar_checks, captions, explainers, filing, policies, queries, versions
from guildmark.design import files as yaml_files
from guildmark.design.models import AchievementVersion, ExplainerVideo
from guildmark.design.types import Explainer, Rules, Standard, Video
from guildmark.kernel import audit, clock, files
from guildmark.kernel.problems import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from tests.design import builders

pytestmark = pytest.mark.django_db

VIDEOS = Path(__file__).parent / "videos"
MP4, WEBM = (VIDEOS / "two-seconds.mp4").read_bytes(), (VIDEOS / "two-seconds.webm").read_bytes()
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Mara>Here is the brief.\n"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(org: Any, version: Any, data: bytes = MP4, name: str = "two minutes.mp4") -> Any:
    return explainers.put_video(
        by=org.owner, org_id=org.id, version_id=version.id, filename=name, pieces=[data[:700], data[700:]]
    )


def filed(org: Any) -> list[Path]:
    """Every file that lies in the folder of an organisation."""
    return sorted(path for path in (load().files_dir / str(org.id)).rglob("*") if path.is_file())


@pytest.fixture
def draft(org):
    return builders.drafted(org)


@pytest.fixture
def client(org):
    return browser_of(org.owner_id)


def browser_of(user_id) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=user_id))
    return browser


def where(org, version, name="standard_explainer") -> str:
    return reverse(name, args=[org.slug, version.slug])


def upload(data: bytes = MP4, name: str = "two minutes.mp4", kind: str = "video/mp4") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data, content_type=kind)}


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- taking and giving


def test_a_video_is_named_by_its_digest_and_its_minutes_are_those_of_the_file(org, draft):
    made = put(org, draft)
    explainer = made.standard.explainer
    assert explainer.video == Video(sha256=digest(MP4), media_type="video/mp4", size=len(MP4), seconds=2)
    assert explainer.minutes == 0.1
    found = explainers.stored_video(made)
    assert files.path_of(found.storage_key).read_bytes() == MP4
    actions_recorded = [
        e.action for e in audit.history(org.id, subject_type="achievement", subject_id=made.achievement_id)
    ]
    assert "design.explainer_stored" in actions_recorded


def test_the_same_bytes_lie_once_and_a_lost_file_is_put_back(org, draft):
    before = filed(org)
    put(org, draft)
    other = put(org, builders.drafted(org, title="Another standard"), name="other name.mp4")
    (path,) = [one for one in filed(org) if one not in before]
    assert ExplainerVideo.objects.for_org(org.id).count() == 1
    path.unlink()
    put(org, other)
    (again,) = [one for one in filed(org) if one not in before]
    assert again.read_bytes() == MP4
    assert files.path_of(explainers.stored_video(queries.version(org.id, draft.id)).storage_key) == again


def test_saving_the_step_of_the_editor_keeps_the_video(client, org, draft):
    from tests.design.test_pages import fields

    put(org, draft)
    step = reverse("standard_edit", args=[org.slug, draft.slug, "bar"])
    page = client.get(step)
    assert "This draft has a video" in page.content.decode()
    sent = fields(page) | {"explainer_title": "How it is built", "explainer": "1"}
    answer = client.post(step, sent)
    assert (answer.status_code, answer["Location"]) == (303, where(org, draft))
    kept = queries.version(org.id, draft.id).standard.explainer
    assert (kept.title, kept.video.sha256) == ("How it is built", digest(MP4))


def test_a_video_is_uploaded_by_an_ordinary_form_and_by_a_script(client, org, draft):
    address = where(org, draft)
    assert "None is stored yet." in client.get(address).content.decode()
    assert client.post(address, upload()).status_code == 303
    page = client.get(address).content.decode()
    assert f'<video controls preload="metadata" src="{address}/video"' in page
    assert digest(MP4) in page
    assert not re.search(r"\sautoplay|<script>|\sstyle=", page)
    answer = client.post(
        address, upload(WEBM, "new.webm", "video/webm"), headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (201, {"next": address})
    assert queries.version(org.id, draft.id).standard.explainer.video.media_type == "video/webm"
    refused = client.post(address, upload(b"<html>", "x.mp4"), headers={"Accept": "application/json"})
    assert refused.status_code == 415
    assert refused.json()["mend"]


def test_captions_come_as_a_file_or_as_text_with_a_transcript(client, org, draft):
    address = where(org, draft, "explainer_words")
    revision = queries.version(org.id, draft.id).revision
    sent = {"revision": revision, "captions": "", "transcript": "Mara: here is the brief.\nThe end."}
    file = SimpleUploadedFile("c.vtt", "\ufeff".encode() + CAPTIONS.encode(), content_type="text/vtt")
    assert client.post(address, {**sent, "captions_file": file}).status_code == 303
    explainer = queries.version(org.id, draft.id).standard.explainer
    assert captions.words(explainer.captions) == "Here is the brief."
    put(org, draft)
    track = where(org, draft, "explainer_captions")
    assert f'<track kind="captions" src="{track}"' in client.get(where(org, draft)).content.decode()
    shown = client.get(track)
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("text/vtt; charset=utf-8", "private, no-store")
    assert shown.content.decode().startswith("WEBVTT")
    assert explainer.transcript == "Mara: here is the brief.\nThe end."
    stale = client.post(address, {**sent, "captions": CAPTIONS, "transcript": "Typed with care."})
    assert stale.status_code == 409
    assert "Typed with care." in stale.content.decode()


def test_removing_takes_it_out_of_the_draft(client, org, draft):
    put(org, draft)
    assert client.post(where(org, draft, "explainer_remove")).status_code == 303
    assert queries.version(org.id, draft.id).standard.explainer.video is None
    for name in ("explainer_video", "explainer_captions"):
        assert client.get(where(org, draft, name)).status_code == 404
    with pytest.raises(NotFound, match="no video"):
        explainers.remove_video(by=org.owner, org_id=org.id, version_id=draft.id)


# --- what is none


HOSTILE = [
    (b"<!doctype html><script>alert(1)</script>", "film.mp4", 415),
    (b"<b>words</b>", "film.mp4", 422),
    (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "film.mp4", 415),
    (b"", "film.mp4", 422),
    (MP4, "film.webm", 422),
    (WEBM, "film.mp4", 422),
    (MP4, "film.mp4.html", 422),
    (MP4, "film", 422),
    (MP4, "film.mov", 415),
    (MP4[:-400], "film.mp4", 422),
    (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41" + b"<script>alert(1)</script>" * 9, "film.mp4", 422),
    (b"PK\x03\x04" + bytes(200), "film.mp4", 415),
    (b"\x89PNG\r\n\x1a\n" + bytes(200), "film.mp4", 422),
    (b"%PDF-1.7\n" + bytes(200), "film.mp4", 422),
    (b"\x00\x00\x00\x18ftypisom" + b"\x00\x00\x00\x08free" * 60_000, "film.mp4", 422),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name", "status"), HOSTILE)
def test_it_refuses_what_is_no_video_and_keeps_nothing(client, org, draft, data, name, status):
    before = filed(org)
    with pytest.raises((Invalid, UnsupportedMedia)) as refused:
        put(org, draft, data, name)
    assert refused.value.field == "file"
    assert refused.value.detail
    assert refused.value.mend
    answer = client.post(where(org, draft), upload(data, name))
    assert answer.status_code == status
    assert html.escape(str(refused.value.detail).split(":")[0][:20]) in answer.content.decode()
    assert filed(org) == before
    assert ExplainerVideo.objects.for_org(org.id).count() == 0
    assert queries.version(org.id, draft.id).revision == draft.revision


def test_it_refuses_more_than_the_limit_of_the_installation_and_keeps_nothing(org, draft, monkeypatch):
    monkeypatch.setenv("GUILDMARK_MAX_UPLOAD_MB", "1")
    load.cache_clear()
    try:
        with pytest.raises(TooLarge) as refused:
            put(org, draft, MP4 + bytes(1 << 20))
        assert refused.value.field == "file"
        assert "larger than 1 MB" in refused.value.detail
        assert filed(org) == []
    finally:
        load.cache_clear()


def test_a_name_with_a_path_is_only_a_name(client, org, draft):
    made = put(org, draft, name="../../../etc/cron.d/two.mp4")
    assert files.path_of(explainers.stored_video(made).storage_key).is_relative_to(load().files_dir.resolve())
    with pytest.raises(Invalid) as refused:
        put(org, draft, b"<b>x</b>", "../../\u202egnp.<script>.mp4")
    assert "/" not in refused.value.detail.split(" says")[0]
    assert "<script>" not in refused.value.detail


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<script>alert(1)</script>", "no WebVTT"),
        ("1\n00:00:00,000 --> 00:00:02,000\nSubRip", "no WebVTT"),
        (CAPTIONS + "\n00:03.000 --> 00:04.000\n<script src=//x.example></script>", "none of captions"),
        (CAPTIONS + "\n00:03.000 --> 00:04.000\n<img onerror=alert(1)>", "none of captions"),
        (CAPTIONS + "x" * 20_001, "the limit is 20,000"),
    ],
)
def test_captions_that_are_none_are_refused_with_field_reason_and_mend(client, org, draft, text, reason):
    with pytest.raises(Invalid) as refused:
        explainers.read_captions(text.encode())
    assert (refused.value.field, bool(refused.value.mend)) == ("captions_file", True)
    assert reason in refused.value.detail
    with pytest.raises(Invalid) as refused:
        explainers.put_words(
            by=org.owner,
            org_id=org.id,
            version_id=draft.id,
            captions_text=text,
            transcript="",
            revision=draft.revision,
        )
    assert refused.value.field == "captions"
    sent = {"revision": draft.revision, "captions": "", "transcript": "Kept <b>."}
    file = SimpleUploadedFile("c.vtt", text.encode())
    answer = client.post(where(org, draft, "explainer_words"), {**sent, "captions_file": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in html.unescape(page)
    assert "Kept &lt;b&gt;." in page
    assert "<script src" not in page
    assert queries.version(org.id, draft.id).revision == draft.revision


def test_captions_in_another_encoding_or_too_long_are_refused():
    for data, reason in (("WEBVTT\n\nä".encode("latin-1"), "no UTF-8"), (b"W" * 200_001, "200,000 bytes")):
        with pytest.raises(Invalid, match=reason):
            explainers.read_captions(data)


@pytest.mark.parametrize(
    "line", ["<i>a</i> <b.loud>b</b> <u>c</u> <c.x.y>d</c>", "<v Dr. Mara>e</v> <lang de>f</lang>",
             "<ruby>g<rt>h</rt></ruby> <00:01.000>i", "1 &lt; 2"],
)  # fmt: skip
def test_the_tags_of_webvtt_are_captions(line):
    assert captions.strange_tag(f"WEBVTT\n\n00:00.000 --> 00:02.000\n{line}\n") == ""


# --- who


def test_another_organisation_and_strangers_see_no_draft(org, other_org, draft):
    put(org, draft)
    auditor = browser_of(org.member("auditor").id)
    address = where(org, draft, "explainer_video")
    shown = auditor.get(address)
    assert (shown.status_code, body_of(shown)) == (200, MP4)
    assert shown["Cache-Control"] == "private, no-cache"
    assert auditor.post(where(org, draft), upload()).status_code == 403
    stranger = browser_of(other_org.owner_id)
    for slug in (org.slug, other_org.slug):
        for name in ("explainer_video", "explainer_captions", "standard_explainer"):
            assert stranger.get(reverse(name, args=[slug, draft.slug])).status_code == 404
        assert (
            stranger.post(reverse("standard_explainer", args=[slug, draft.slug]), upload()).status_code == 404
        )
    assert Client().get(address).status_code == 302
    assert Client().get(f"/s/{draft.slug}/v/1.0/explainer").status_code == 404
    with pytest.raises(NotFound):
        explainers.put_video(
            by=other_org.owner, org_id=org.id, version_id=draft.id, filename="a.mp4", pieces=[MP4]
        )


def test_naming_the_digest_of_another_organisation_opens_nothing(org, other_org, draft):
    named = put(org, draft).standard.explainer.model_dump(mode="json")
    theirs = builders.drafted(other_org, title="Theirs", explainer=named)
    assert explainers.stored_video(theirs) is None
    browser = browser_of(other_org.owner_id)
    assert browser.get(reverse("explainer_video", args=[other_org.slug, theirs.slug])).status_code == 404
    page = browser.get(reverse("standard_explainer", args=[other_org.slug, theirs.slug])).content.decode()
    assert "The file is not here." in page
    with pytest.raises(Invalid) as refused:
        actions.publish(by=other_org.owner, org_id=other_org.id, version_id=theirs.id)
    assert [problem.field for problem in refused.value.errors] == ["explainer.video"]


def test_a_published_version_takes_no_video(client, org):
    version = builders.published(org)
    with pytest.raises(Conflict):
        put(org, version)
    assert client.post(where(org, version), upload()).status_code == 303
    assert filed(org) == []


def test_a_completion_record_has_no_explainer(client, org):
    version = builders.drafted(org, **builders.completion_content())
    assert client.get(where(org, version)).status_code == 404


# --- versions


def published_with(org: Any, data: bytes, version: Any, name: str, note: str = "Another video.") -> Any:
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    put(org, draft, data, name)
    return actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, update_note=note)


def test_a_new_video_is_a_revision_of_the_presentation_and_never_a_version(org):
    first = builders.published(org)
    second = published_with(org, MP4, first, "a.mp4")
    third = published_with(org, WEBM, second, "b.webm")
    assert [(v.number, v.presentation) for v in (first, second, third)] == [
        ("1.0", 0),
        ("1.0", 1),
        ("1.0", 2),
    ]
    assert first.core_hash == second.core_hash == third.core_hash
    assert queries.verify_hash(org.id, first.id)
    change = versions.compare(second.standard, third.standard)
    assert change.forces == "note"
    assert {one.field_class for one in change.changes} == {"presentation"}
    assert {one.path for one in change.changes} <= {
        f"explainer.video.{name}" for name in ("sha256", "media_type", "size")
    }


def test_what_was_published_before_there_were_videos_stays_the_same_bytes():
    before = {
        "url": "https://video.example/1",
        "title": "T",
        "minutes": 2.0,
        "transcript": "",
        "captions": "",
    }
    content = builders.publishable_content(explainer=before)
    dumped = Standard.model_validate(content).model_dump(mode="json")
    assert dumped["explainer"] == before
    assert Explainer().model_dump(mode="json").keys() == before.keys()
    assert (
        Explainer().model_dump_json() == '{"url":"","title":"","minutes":0.0,"transcript":"","captions":""}'
    )
    assert (
        versions.hash_of({"explainer": dumped["explainer"]})
        == "sha256:05c42023d47f1850b65a39e0e8ec0ce74e12d20c3130faee9a43da81db74f655"
    )
    text = yaml_files.dump(Standard.model_validate(content), "welcome")
    assert "explainer:\n  url: https://video.example/1\n  title: T\n  minutes: 2.0\n" in text
    assert "video:" not in text


def test_files_that_a_published_revision_names_are_kept_and_others_go(org):
    first = published_with(org, MP4, builders.published(org), "a.mp4")
    second = published_with(org, WEBM, first, "b.webm")
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=second.achievement_id)
    longer = MP4 + b"\x00\x00\x00\x0cfreelong"
    put(org, draft, longer, "c.mp4")
    explainers.remove_video(by=org.owner, org_id=org.id, version_id=draft.id)
    assert explainers.forget_unnamed() == 0  # an undo may name it again
    later = clock.now() + timedelta(days=2)
    with clock.at(later):
        assert explainers.forget_unnamed() == 1
    kept = set(ExplainerVideo.objects.for_org(org.id).values_list("sha256", flat=True))
    assert kept == {digest(MP4), digest(WEBM)}


def test_a_draft_alone_keeps_its_video_until_it_is_discarded(org, draft, django_capture_on_commit_callbacks):
    put(org, draft)
    with clock.at(clock.now() + timedelta(days=400)):
        assert explainers.forget_unnamed() == 0
        actions.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
        with django_capture_on_commit_callbacks(execute=True):
            assert explainers.forget_unnamed() == 1
    assert filed(org) == []
    assert AchievementVersion.objects.for_org(org.id).count() == 0


# --- the gate and files


def video_of(**others: Any) -> Video:
    return Video(**{"sha256": "a" * 64, "media_type": "video/mp4", "size": 9, "seconds": 420, **others})


def rules_found(explainer: Explainer, rules: Rules | None = None) -> set[str]:
    standard = builders.publishable_standard(explainer=explainer.model_dump(mode="json"))
    return {f.rule for f in policies.findings(standard, rules) if f.path.startswith("explainer")}


def test_the_gate_asks_for_words_and_compares_the_length():
    long = Explainer(video=video_of(), minutes=2)
    assert rules_found(long) == {
        "captions.missing",
        "transcript.missing",
        "explainer.minutes",
        "explainer.long",
    }
    short = Explainer(video=video_of(seconds=125), minutes=2.1, captions=CAPTIONS)
    assert rules_found(short) == set()
    silent = Explainer(video=video_of(seconds=0), minutes=2, captions=CAPTIONS)
    assert rules_found(silent) == set()
    assert rules_found(Explainer(url="https://v.example", captions=CAPTIONS + "\n<script>")) == {
        "captions.tags"
    }


def test_a_video_that_is_not_here_or_is_described_wrongly_blocks_where_that_can_be_known():
    named = Explainer(video=video_of(seconds=60), captions=CAPTIONS)
    standard = builders.publishable_standard(explainer=named.model_dump(mode="json"))
    for videos, said in (
        (frozenset(), "is not stored here"),
        (frozenset({video_of(seconds=60, size=10)}), "does not fit the file"),
    ):
        (found,) = bar_checks.check_stored(standard, Rules(videos=videos))
        assert (found.severity, found.path, bool(found.mend)) == ("blocking", "explainer.video", True)
        assert said in found.message
    for rules in (Rules(), Rules(videos=frozenset({video_of(seconds=60)}))):
        assert list(bar_checks.check_stored(standard, rules)) == []


@pytest.mark.parametrize(
    ("member", "value"),
    [("sha256", "A" * 64), ("sha256", "../../etc/passwd"), ("media_type", "text/html"), ("size", 0), ("size", 2**60),
     ("seconds", -1), ("name", "x")],
)  # fmt: skip
def test_members_that_no_upload_makes_are_refused(org, draft, member, value):
    video = {**video_of().model_dump(mode="json"), member: value}
    with pytest.raises(Invalid) as refused:
        actions.save_draft(
            by=org.owner,
            org_id=org.id,
            version_id=draft.id,
            content={"explainer": {"video": video}},
            revision=None,
        )
    assert refused.value.errors[0].field == f"explainer.video.{member}"


def test_a_file_carries_the_members_there_and_back(org, other_org, draft, tmp_path, capsys):
    made = put(org, draft)
    text = filing.export(made)
    assert f"sha256: {digest(MP4)}" in text.replace("\n      ", " ")
    again = yaml_files.load(text)
    assert again.standard.explainer == made.standard.explainer
    assert yaml_files.dump(again.standard, again.slug) == text
    path = tmp_path / "welcome.yaml"
    path.write_text(text)
    assert main(["standard", "check", str(path)]) == 0  # nobody can know here
    assert main(["standard", "check", str(path), "--org", org.slug]) == 0
    capsys.readouterr()
    assert main(["standard", "check", str(path), "--org", other_org.slug]) == 1
    told = capsys.readouterr().out
    assert "blocking: The explainer video that is named is not stored here." in told
    assert "explainer.stored, explainer.video]" in told
    taken = filing.import_file(by=other_org.owner, org_id=other_org.id, file=again, slug="welcome-elsewhere")
    assert taken.standard.explainer == made.standard.explainer
    assert "explainer.stored" in {f.rule for f in queries.findings(other_org.id, taken.id)}
    put(other_org, taken)
    assert "explainer.stored" not in {f.rule for f in queries.findings(other_org.id, taken.id)}


def test_the_editor_says_that_a_video_is_not_here(client, org):
    version = builders.drafted(org, explainer={"video": video_of().model_dump(mode="json")})
    step = reverse("standard_edit", args=[org.slug, version.slug, "bar"])
    assert "The explainer video that is named is not stored here." in client.get(step).content.decode()
