"""The certificate: a designed page, what was shown behind it, and the signed file attached."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

from guildmark.design.classes import CLASSES
from guildmark.issue.render import words
from guildmark.issue.render.engine import typeset
from guildmark.issue.render.lettering import Lettering, ours
from guildmark.issue.render.qr import qr_svg
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said
from guildmark.protocol.openbadges.facts import CredentialFacts, CriterionFacts, EvidenceFacts
from guildmark.protocol.openbadges.v3 import Signal

NAME_LIMIT: Final = 120
CLAIM_LIMIT: Final = 700
TITLE_LIMIT: Final = 200
TEXT_LIMIT: Final = 1500
#: More rows than this are named by number; the signed file has them all.
MAX_ROWS: Final = 100


def certificate_pdf(
    facts: CredentialFacts, signed: bytes, verify_url: str, *, file_name: str = "certificate.pdf"
) -> bytes:
    """Return the certificate as PDF/UA-1 and PDF/A-3a, A4, with ``signed`` attached byte for byte.

    ``facts`` are read from ``signed``; ``verify_url`` is the live page. ``file_name`` is what the holder's
    copy will be called, for the command that checks it. The only time inside is the credential's
    ``validFrom``, so equal input gives equal bytes. Raises Invalid if ``signed`` is not UTF-8 text.
    """
    try:
        text = signed.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(said("The signed credential is not UTF-8 text."), field="signed") from error
    stamp = (facts.valid_from or datetime.fromtimestamp(0, UTC)).astimezone(UTC)
    composer = _Composer(facts, verify_url, file_name)
    data = composer.compose(signed, stamp)
    return typeset(
        "certificate",
        data,
        extra={"signed": text, "qr": qr_svg(verify_url, border=0)},
        stamp=stamp,
        output="pdf",
    )


def fingerprint(digest: str | None) -> str | None:
    """Return ``sha256-BASE64`` as the hexadecimal that ``sha256sum`` prints; other forms as they are."""
    if not digest:
        return None
    kind, _, value = digest.partition("-")
    if kind != "sha256":
        return digest[:200]
    try:
        return base64.b64decode(value, validate=True).hex()
    except (binascii.Error, ValueError):
        return digest[:200]


class _Composer:
    """Turns facts into what the template places. Every foreign text goes through one ``Lettering``."""

    def __init__(self, facts: CredentialFacts, verify_url: str, file_name: str) -> None:
        self.facts = facts
        self.verify_url = verify_url
        self.file_name = file_name
        self.letters = Lettering(facts.language)
        self.shape = words.shape_of(facts)

    def foreign(self, text: str | None, limit: int = TEXT_LIMIT) -> dict[str, Any]:
        return self.letters.write(text, limit)

    def optional(self, text: str | None, limit: int = TEXT_LIMIT) -> dict[str, Any] | None:
        return self.foreign(text, limit) if text and text.strip() else None

    def name(self, text: str | None) -> dict[str, Any]:
        return self.letters.write(text, NAME_LIMIT, own_language=True)

    def compose(self, signed: bytes, stamp: datetime) -> dict[str, Any]:
        """Return everything that certificate.typ reads."""
        data = {
            **self.head(),
            **self.page_one(),
            **self.page_two(),
            "stamp": [stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second],
            "sha256": hashlib.sha256(signed).hexdigest(),
            "attachment": _attachment(signed),
        }
        data["lettering"] = self.lettering_notes()
        return data

    def head(self) -> dict[str, Any]:
        facts = self.facts
        plain = Lettering()
        holder = plain.plain(facts.recipient.name, NAME_LIMIT) or "holder not named"
        title = plain.plain(facts.title, TITLE_LIMIT) or "Credential"
        issuer = plain.plain(facts.issuer.name, NAME_LIMIT) or facts.issuer.id[:NAME_LIMIT]
        label = words.label(self.shape)
        return {
            "class": str(self.shape),
            "class-label": label,
            "document-title": f"{title} – {holder}",
            "author": issuer,
            "description": f"{label} given by {issuer}. Live page: {self.verify_url}",
            "keywords": [label, "Open Badges 3.0", "verifiable credential"],
            "footer": self.foreign(f"{facts.issuer.name or facts.issuer.id} · {facts.title}", 90),
        }

    def page_one(self) -> dict[str, Any]:
        facts = self.facts
        given = words.given_on(facts)
        issuer = facts.issuer.name or facts.issuer.id
        year = str(given.year) if given else ""
        letters = words.maker_letters(issuer)
        completion = self.shape is Signal.COMPLETION
        headline, subtitle = (
            (facts.title, facts.claim) if completion else (facts.claim or facts.title, facts.title)
        )
        if subtitle == headline:
            subtitle = ""
        return {
            "issuer": self.name(issuer),
            "letters": self.letters.write(letters, 2, own_language=True),
            "year": year,
            "hallmark-alt": (
                f"Hallmark: {CLASSES[self.shape.value].shape} with the maker's letters {letters} and the year {year}. "
                f"This shape stands for: {words.label(self.shape).lower()}."
            ),
            "lead": "This records what a person can do",
            "headline": self.foreign(headline, CLAIM_LIMIT),
            "subtitle": self.optional(subtitle, 400),
            "name": self.name(facts.recipient.name) if facts.recipient.name else ours("The holder"),
            "sentence": words.sentence(facts),
            "four": self.four(),
            "verify-url": self.verify_url,
            "verify-text": ours(self.verify_url),
            "verify-command": f"guildmark verify {self.file_name}",
            "qr-alt": f"QR code that opens {self.verify_url}",
        }

    def four(self) -> list[dict[str, Any]]:
        """Who, when, what they did, until when: the band of four answers."""
        facts = self.facts
        given = words.given_on(facts)
        assessed = facts.assessment.assessed_on if facts.assessment else None
        matchable = facts.recipient.identifiers > 0
        who = self.name(facts.recipient.name) if facts.recipient.name else ours("Not named here")
        did, did_note = self.what_they_did()
        until = words.day(facts.valid_until) if facts.valid_until else "No end date"
        return [
            _answer("Who", who, "confirm by e-mail" if matchable else ""),
            _answer(
                "When", ours(words.day(given) if given else "Not dated"),
                f"assessed {words.day(assessed)}" if assessed else "",
            ),
            _answer("What they did", did, did_note),
            _answer("Valid until", ours(until), "today: see the live page"),
        ]  # fmt: skip

    def what_they_did(self) -> tuple[dict[str, Any], str]:
        facts = self.facts
        if self.shape is Signal.COMPLETION:
            hours = f"expected effort: {facts.hours} h" if facts.hours and len(facts.hours) < 12 else ""
            return ours("Took part"), hours
        met = [words.is_met(criterion) for criterion in facts.criteria]
        note = f"{met.count(True)} of {words.counted(len(met), 'criterion', 'criteria')} met" if met else ""
        if not facts.evidence:
            return ours(note or "Was assessed"), ""
        return ours(words.counted(len(facts.evidence), "piece of work", "pieces of work")), note

    def page_two(self) -> dict[str, Any]:
        facts = self.facts
        completion = self.shape is Signal.COMPLETION
        standard = self.standard_rows()
        # Beside a rubric the narrative says nothing new.
        narrative = None if facts.criteria else self.optional(facts.criteria_narrative)
        return {
            "behind": not completion or bool(facts.criteria or facts.evidence or narrative),
            "behind-title": "What it is about" if completion else "What was shown",
            "behind-note": self.foreign(facts.title if not completion else facts.claim, 400),
            "narrative": narrative,
            "criteria": [self.criterion(criterion) for criterion in facts.criteria[:MAX_ROWS]],
            "criteria-note": self.optional(facts.bar, 400),
            "evidence": [self.evidence(item) for item in facts.evidence[:MAX_ROWS]],
            "evidence-note": ours(self.evidence_note()),
            "judging": self.judging_rows(),
            "judging-note": ours("As signed by the issuer. Judges are named by role, not by name."),
            "standard": standard,
            "not-shown": [self.foreign(item, 400) for item in facts.not_shown[:MAX_ROWS]],
            "check-note": ours("The attached file carries everything that these pages say."),
        }

    def criterion(self, criterion: CriterionFacts) -> dict[str, Any]:
        order = [level.id for level in criterion.levels]
        achieved, required = criterion.achieved, criterion.required
        reached = order.index(achieved.id) + 1 if achieved and achieved.id in order else 0
        if achieved is None:
            level = ours("No level recorded")
        elif reached:
            level = self.foreign(f"Level {reached} of {len(order)}: {achieved.name}", 120)
        else:
            level = self.foreign(achieved.name, 120)
        below = words.is_met(criterion) is False
        return {
            "name": self.foreign(criterion.name, TITLE_LIMIT),
            "description": self.optional(criterion.description),
            "must-pass": criterion.must_pass,
            "reached": reached,
            "of": len(order) if 0 < len(order) <= 12 else 0,
            "level": level,
            "required": self.foreign(f"below the level asked for: {required.name}", 120)
            if below and required else None,
        }  # fmt: skip

    def evidence(self, item: EvidenceFacts) -> dict[str, Any]:
        kind = " · ".join(part for part in (item.genre, item.media_type) if part)
        return {
            "name": self.foreign(item.name or item.genre or "Piece of work", TITLE_LIMIT),
            "kind": self.optional(kind, 120),
            "text": self.optional(item.description or item.narrative, 600),
            "fingerprint": fingerprint(item.digest),
        }

    def evidence_note(self) -> str:
        beyond = len(self.facts.evidence) - MAX_ROWS
        more = f" {beyond} further pieces are in the signed file." if beyond > 0 else ""
        return "Each fingerprint is that of the file that was judged: compare it with sha256sum." + more

    def row(self, label: str, values: list[dict[str, Any]], *, code: bool = False) -> dict[str, Any]:
        return {"label": ours(label), "values": values, "code": code}

    def judging_rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        told = self.facts.assessment
        if told:
            if told.judges:
                count = words.number(len(told.judges))
                roles = [
                    self.foreign(f"{role} ({times})" if times > 1 else role, 140)
                    for role, times in list(Counter(told.judges).items())[:20]
                ]
                rows.append(self.row("How many judged", [ours(count.capitalize()), *roles]))
            if told.assessed_on:
                rows.append(self.row("When was it assessed", [ours(words.day(told.assessed_on))]))
            if told.mode:
                rows.append(self.row("How was it assessed", [self.foreign(told.mode, 400)]))
            if told.attempt:
                rows.append(self.row("Which attempt", [ours(str(told.attempt))]))
            if told.judges:
                weak = [self.foreign(item, 400) for item in told.weaknesses[:20]]
                nothing = ours("Nothing weaker was recorded.")
                rows.append(self.row("Weaker than full separation of duties", weak or [nothing]))
        for fact in self.facts.facts[:40]:
            label = self.foreign(fact.label, 120)
            rows.append({"label": label, "values": [self.foreign(fact.value, 400)], "code": False})
        return rows

    def standard_rows(self) -> list[dict[str, Any]]:
        facts = self.facts
        rows: list[dict[str, Any]] = []
        if facts.version:
            rows.append(self.row("Version", [self.foreign(facts.version, 40)]))
        if facts.standard:
            rows.append(self.row("Published at", [self.foreign(facts.standard.url, 300)], code=True))
            mark = fingerprint(facts.standard.digest)
            if mark:
                rows.append(self.row("Its fingerprint", [ours(f"sha-256 {mark}")], code=True))
        if facts.conditions:
            rows.append(self.row("Conditions", [self.foreign(facts.conditions)]))
        if facts.hours:
            rows.append(self.row("Expected effort", [self.foreign(f"{facts.hours} hours", 60)]))
        if facts.alignments:
            rows.append(self.row("Aligned with", [self.alignment(a) for a in facts.alignments[:20]]))
        return rows

    def alignment(self, alignment: Any) -> dict[str, Any]:
        source = ", ".join(part for part in (alignment.framework, alignment.code) if part)
        return self.foreign(f"{alignment.name} ({source})" if source else alignment.name, 300)

    def lettering_notes(self) -> list[str]:
        """Say what the picture lacks against the signed file; nothing if it lacks nothing."""
        notes = []
        if self.letters.lost:
            characters = words.counted(self.letters.lost, "character is", "characters are")
            notes.append(
                f"{characters} drawn as a box because the bundled fonts do not have them. "
                "The signed file carries them exactly."
            )
        if self.letters.cut:
            texts = words.counted(self.letters.cut, "long text is", "long texts are")
            notes.append(f"{texts} shortened on these pages. The signed file carries them whole.")
        return notes


def _answer(label: str, value: dict[str, Any], note: str) -> dict[str, Any]:
    notes = [ours(note)] if note else []
    return {"label": label, "value": value, "notes": notes}


def _attachment(signed: bytes) -> dict[str, str]:
    if signed.lstrip()[:1] == b"{":
        return {"name": "credential.json", "type": "application/vc+ld+json"}
    return {"name": "credential.jwt", "type": "application/vc+jwt"}
