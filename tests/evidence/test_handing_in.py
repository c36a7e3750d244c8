"""Evidence of every kind, and what hostile input gets."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from guildmark.assess.evidence import actions, queries
from guildmark.config import load
from guildmark.kernel import files
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid, NotFound, TooLarge, UnsupportedMedia
from tests.evidence.builders import FILES, enrolled, fill, learner_actor, submitted

pytestmark = pytest.mark.django_db


class Draft:
    """An open attempt with the calls that fill it."""

    def __init__(self, org: Any, version: Any) -> None:
        self.org, self.version = org, version
        self.enrolment, self.actor = enrolled(org, version)
        self.id = actions.start_submission(by=self.actor, org_id=org.id, enrolment_id=self.enrolment.id).id
        self.place = {"by": self.actor, "org_id": org.id, "submission_id": self.id}

    def file(self, name: str, content: bytes, requirement: str = "e1") -> Any:
        return actions.add_file(**self.place, requirement_id=requirement, filename=name, pieces=[content])

    def items(self) -> list[Any]:
        return [detail.item for detail in queries.submission_detail(self.org.id, self.id).items]


@pytest.fixture
def draft(org, version):
    return Draft(org, version)


def stored_files() -> int:
    return sum(path.is_file() for path in load().files_dir.rglob("*"))


def png(width: int, height: int) -> bytes:
    """A PNG whose header promises a size, without the pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def zip_bomb() -> bytes:
    """60 MB of zeros in 60 kB."""
    return zipped(zeros=b"\0" * 60_000_000)


def test_a_file_is_stored_with_its_fingerprint(draft):
    name, content = FILES["document"]
    item = draft.file(name, content)
    assert item.sha256 == hashlib.sha256(content).hexdigest()
    assert (item.media_type, item.size, item.filename) == ("application/pdf", len(content), "report.pdf")
    with files.open_file(item.storage_key) as stored:
        assert stored.read() == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("walkthrough.mp4", b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200, "says by its name"),
        ("picture.png", b"<!doctype html><script>alert(1)</script>", "not known"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not known"),
        ("picture.png", png(50_000, 50_000), "megapixels|cannot be read"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "cannot be read"),
        ("page.html", b"<!doctype html><p>hello", "not known"),
        ("tool.exe", b"MZ\x90\x00" + b"\0" * 200, "says by its name|not known"),
        ("empty.pdf", b"", "empty"),
        ("noname", b"plain words", "says by its name"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_kept(draft, name, content, words):
    before = stored_files()
    with pytest.raises(GuildmarkError, match=words) as refused:
        draft.file(name, content)
    assert refused.value.field == "file" or refused.value.all_errors()[0].field == "file"
    assert refused.value.mend
    assert refused.value.status in {415, 422}
    assert draft.items() == []
    assert stored_files() == before


def test_a_zip_bomb_is_refused(draft):
    with pytest.raises(Invalid, match="over the limit"):
        draft.file("work.zip", zip_bomb())


def test_an_archive_of_very_many_files_is_refused_before_they_are_listed(draft):
    """Listing them takes a thousand bytes of memory for each, and seconds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")
    with pytest.raises(Invalid, match="more than 5,000 files") as refused:
        draft.file("work.zip", out.getvalue())
    assert (refused.value.field, draft.items()) == ("file", [])


def test_an_animation_of_very_many_frames_costs_no_time(draft):
    frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"
    before = time.process_time()
    draft.file("loop.gif", head + frame * 1_300_000 + b";")
    assert time.process_time() - before < 2


def test_a_zip_that_leaves_its_folder_is_refused(draft):
    with pytest.raises(Invalid, match="leaves its folder"):
        draft.file("work.zip", zipped(**{"../../etc/passwd": b"x"}))


def test_a_known_type_that_is_not_asked_for_is_refused_with_what_is(draft):
    with pytest.raises(UnsupportedMedia, match="not asked for") as refused:
        draft.file("talk.mp3", FILES["audio"][1])
    assert ".mp4" in refused.value.mend


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/job.pdf", "..\\..\\boot.pdf", "/etc/passwd.pdf", "a\0b\n.pdf"]
)
def test_a_name_cannot_lead_out_of_the_store(draft, name):
    item = draft.file(name, FILES["document"][1])
    assert "/" not in item.filename
    assert "\\" not in item.filename
    assert item.filename.isprintable()
    assert files.path_of(item.storage_key).is_relative_to(load().files_dir.resolve())


def test_a_name_of_ten_kilobytes_is_shortened(draft):
    item = draft.file("n" * 10_000 + ".pdf", FILES["document"][1])
    assert len(item.filename) <= 120
    assert item.filename.endswith(".pdf")


def test_an_oversized_file_is_refused_while_it_arrives(draft):
    def endless() -> Iterator[bytes]:
        while True:
            yield b"%PDF-1.4 " + b"x" * 1_000_000

    before = stored_files()
    with pytest.raises(TooLarge, match="20 MB") as refused:
        actions.add_file(**draft.place, requirement_id="e1", filename="big.pdf", pieces=endless())
    assert refused.value.field == "file"
    assert stored_files() == before


def test_a_requirement_takes_no_more_pieces_than_it_says(draft):
    for number in range(3):
        draft.file(f"{number}.pdf", FILES["document"][1])
    with pytest.raises(Conflict, match="3 pieces at most"):
        draft.file("4.pdf", FILES["document"][1])


def test_a_text_counts_its_words_and_replaces_the_one_before(draft):
    with pytest.raises(Invalid, match="2 words; at least 5"):
        actions.add_text(**draft.place, requirement_id="e2", text="too short")
    actions.add_text(**draft.place, requirement_id="e2", text="one two three four five")
    second = actions.add_text(
        **draft.place, requirement_id="e2", text="six seven eight nine ten\r\n日本語 العربية"
    )
    assert [item.id for item in draft.items()] == [second.id]
    assert second.sha256 == hashlib.sha256("six seven eight nine ten\n日本語 العربية".encode()).hexdigest()


@pytest.mark.parametrize("character", ["\x00", "\x07", "\u202e", "\u2066", "\ufeff"])
def test_a_character_that_cannot_be_seen_is_refused_in_text(draft, character):
    with pytest.raises(Invalid, match="cannot be seen"):
        actions.add_text(**draft.place, requirement_id="e2", text=f"one two three{character} four five")


def test_the_wrong_kind_for_a_requirement_is_refused(draft):
    with pytest.raises(Invalid, match="asks for a text"):
        draft.file("report.pdf", FILES["document"][1], requirement="e2")
    with pytest.raises(NotFound):
        draft.file("report.pdf", FILES["document"][1], requirement="e9")


@pytest.fixture
def page() -> Iterator[str]:
    """A web server on loopback that answers one page and one 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/to/"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/to/"))
                self.end_headers()
                return
            body = b"<html><title>Live</title><p>The sign-up page</p></html>"
            self.send_response(200 if self.path == "/live" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def allowed(page, monkeypatch):
    """The address of that server, let through by the operator's list."""
    monkeypatch.setenv("GUILDMARK_EGRESS_ALLOW", page.removeprefix("http://"))
    load.cache_clear()
    yield page
    load.cache_clear()


@pytest.mark.parametrize(
    "url",
    [
        "{page}/live",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://u:p@x.example/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://127\u30020\u30020\u30021:{port}/",
        "http://localhost:{port}/live",
        "http://[::1:{port}/",
        "http://\u202eexample.org/",
        "http://one two.example/",
        "http://nowhere.invalid/",
        "http://" + "a" * 3000,
        "",
    ],
)
def test_a_private_address_is_not_fetched_and_the_mend_is_named(draft, page, url):
    with pytest.raises(Invalid) as refused:
        actions.add_url(
            **draft.place, requirement_id="e3", url=url.format(page=page, port=page.rsplit(":", 1)[1])
        )
    assert refused.value.field == "url"
    assert refused.value.mend
    assert draft.items() == []


@pytest.mark.parametrize(
    "target",
    ["http://localhost:{port}/live", "http://169.254.169.254/", "file:///etc/passwd", "//[::ffff:10.0.0.1]/"],
)
def test_a_redirect_into_a_private_network_is_not_followed(draft, allowed, target):
    before = stored_files()
    to = target.format(port=allowed.rsplit(":", 1)[1])
    with pytest.raises(Invalid, match=r"private network|Only addresses") as refused:
        actions.add_url(**draft.place, requirement_id="e3", url=f"{allowed}/to/{to}")
    assert "hand in a file instead" in refused.value.mend
    assert draft.items() == []
    assert stored_files() == before


def test_an_address_is_kept_as_a_copy_that_outlives_the_page(draft, allowed):
    item = actions.add_url(**draft.place, requirement_id="e3", url=f"{allowed}/live")
    with files.open_file(item.storage_key) as stored:
        body = stored.read()
    assert b"The sign-up page" in body
    assert item.sha256 == hashlib.sha256(body).hexdigest()
    assert item.source_url == f"{allowed}/live"
    assert item.filename == "live.html"
    detail = queries.evidence_item(draft.org.id, item.id)
    assert detail.fetched_at is not None


@pytest.mark.parametrize("path", ["/gone", ""])
def test_an_address_without_content_is_refused_with_its_status(draft, allowed, path):
    with pytest.raises(Invalid, match="404"):
        actions.add_url(**draft.place, requirement_id="e3", url=f"{allowed}{path}")


def test_a_file_stands_in_for_an_address(draft):
    assert draft.file("page.pdf", FILES["document"][1], requirement="e3").kind == "file"


def test_work_is_handed_in_once_complete_and_signed(draft):
    with pytest.raises(Invalid) as refused:
        actions.submit(**draft.place, authorship_accepted=False)
    assert [problem.field for problem in refused.value.all_errors()] == ["e1", "e2", "authorship_accepted"]
    fill(draft.actor, queries.submission(draft.org.id, draft.id), draft.version)
    done = actions.submit(**draft.place, authorship_accepted=True)
    assert done.state == "submitted"
    assert (done.due_at - done.submitted_at).days == 10
    with pytest.raises(Conflict, match="handed in"):
        actions.submit(**draft.place, authorship_accepted=True)
    assert OutboxEvent.objects.filter(kind="evidence.submitted").count() == 1


def test_handed_in_work_does_not_change(org, waiting):
    detail = queries.submission_detail(org.id, waiting.id)
    actor = learner_actor(org.learner())
    with pytest.raises(Conflict, match="handed in"):
        actions.remove_item(by=actor, org_id=org.id, item_id=detail.items[0].item.id)
    with pytest.raises(Conflict):
        actions.add_text(
            by=actor, org_id=org.id, submission_id=waiting.id, requirement_id="e2", text="a b c d e f"
        )


def test_a_removed_file_is_gone(draft, django_capture_on_commit_callbacks):
    item = draft.file(*FILES["document"])
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_item(by=draft.actor, org_id=draft.org.id, item_id=item.id)
    assert not files.path_of(item.storage_key).exists()


def test_a_member_does_not_hand_in_for_a_learner_and_another_learner_sees_nothing(org, draft):
    with pytest.raises(GuildmarkError, match="Only the learner"):
        actions.submit(by=org.owner, org_id=org.id, submission_id=draft.id, authorship_accepted=True)
    stranger = learner_actor(org.learner("Bo Lindqvist"))
    with pytest.raises(NotFound):
        actions.submit(by=stranger, org_id=org.id, submission_id=draft.id, authorship_accepted=True)
    with pytest.raises(NotFound):
        queries.learner_actor(org.owner_id, draft.enrolment.id)


def test_beginning_twice_gives_the_same_draft_and_waiting_work_blocks_another(org, version, draft):
    again = actions.start_submission(by=draft.actor, org_id=org.id, enrolment_id=draft.enrolment.id)
    assert again.id == draft.id
    other = submitted(org, version, org.learner("Bo Lindqvist"))
    with pytest.raises(Conflict, match="being judged"):
        actions.start_submission(
            by=learner_actor(org.learner("Bo Lindqvist")), org_id=org.id, enrolment_id=other.enrolment_id
        )


# uploads in pieces


def begin(draft: Draft, content: bytes, name: str = "walkthrough.mp4") -> Any:
    return actions.begin_upload(**draft.place, requirement_id="e1", filename=name, size=len(content))


def append(draft: Draft, upload: Any, offset: int, piece: bytes) -> Any:
    return actions.append_upload(
        by=draft.actor, org_id=draft.org.id, upload_id=upload.id, offset=offset, piece=piece
    )


def test_an_upload_goes_on_after_a_break_and_refuses_a_wrong_offset(draft):
    content = FILES["video"][1] + b"\1" * 3_000_000
    upload = begin(draft, content)
    append(draft, upload, 0, content[:1_000_000])
    with pytest.raises(Conflict, match="stands at 1000000") as refused:
        append(draft, upload, 500_000, b"x")
    assert "byte 1000000" in refused.value.mend
    with pytest.raises(Conflict, match="bytes have arrived"):
        actions.finish_upload(by=draft.actor, org_id=draft.org.id, upload_id=upload.id)
    resumed = queries.upload(draft.org.id, upload.id)
    append(draft, resumed, resumed.offset, content[resumed.offset :])
    item = actions.finish_upload(by=draft.actor, org_id=draft.org.id, upload_id=upload.id)
    assert item.sha256 == hashlib.sha256(content).hexdigest()
    assert item.media_type == "video/mp4"
    with pytest.raises(NotFound):
        actions.finish_upload(by=draft.actor, org_id=draft.org.id, upload_id=upload.id)


def test_an_upload_is_bounded_by_what_it_announced_and_by_its_pieces(draft):
    with pytest.raises(TooLarge, match="20 MB"):
        actions.begin_upload(**draft.place, requirement_id="e1", filename="big.mp4", size=21 * 1024 * 1024)
    with pytest.raises(UnsupportedMedia):
        begin(draft, b"MZ", name="tool.exe")
    upload = begin(draft, b"12345")
    with pytest.raises(Invalid, match="announced"):
        append(draft, upload, 0, b"123456")
    with pytest.raises(TooLarge, match="5 MB"):
        append(draft, upload, 0, b"x" * (5 * 1024 * 1024 + 1))


def test_an_upload_that_is_not_what_it_says_leaves_nothing(draft):
    before = stored_files()
    content = b"MZ" + b"\0" * 300
    upload = begin(draft, content)
    append(draft, upload, 0, content)
    with pytest.raises(GuildmarkError):
        actions.finish_upload(by=draft.actor, org_id=draft.org.id, upload_id=upload.id)
    assert draft.items() == []
    assert stored_files() == before


def test_an_upload_is_cancelled_and_belongs_to_its_learner(org, draft):
    upload = begin(draft, b"123")
    stranger = learner_actor(org.learner("Bo Lindqvist"))
    with pytest.raises(NotFound):
        actions.cancel_upload(by=stranger, org_id=org.id, upload_id=upload.id)
    actions.cancel_upload(by=draft.actor, org_id=org.id, upload_id=upload.id)
    with pytest.raises(NotFound):
        append(draft, upload, 0, b"1")
