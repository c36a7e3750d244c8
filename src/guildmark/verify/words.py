"""The words of every verdict and check, as data: the page, the command line and the public page share them.

English, put together so that pages say them in their own language. ``symbol`` names a shape of the icon set
(each verdict has an
outline of its own, so that colour never carries the meaning alone) and ``sign`` one or two plain characters
for a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from guildmark.kernel.words import said
from guildmark.protocol.openbadges import v2_reading, v2_rules
from guildmark.protocol.report import Report, Verdict


@dataclass(frozen=True)
class VerdictWords:
    """How one verdict is said: two or three words, one sentence, what to do next, and how it is drawn."""

    title: str
    sentence: str
    next_step: str
    symbol: str
    sign: str
    tone: str


WORDS: dict[Verdict, VerdictWords] = {
    Verdict.VALID: VerdictWords(
        said("Valid"),
        said("The content is exactly what the issuer signed, and the issuer still stands by it."),
        said(
            "Make sure that the person before you is the holder: ask for the e-mail address and compare it."
        ),
        "valid",
        "[ok]",
        "good",
    ),
    Verdict.EXPIRED: VerdictWords(
        said("Expired"),
        said("It was genuine, and the period for which it was given has ended."),
        said("Ask the holder whether it was renewed."),
        "expired",
        "[--]",
        "warn",
    ),
    Verdict.NOT_YET_VALID: VerdictWords(
        said("Not yet valid"),
        said("It is genuine, and the day from which it counts has not come."),
        said("Check it again on or after that day."),
        "not_yet_valid",
        "[..]",
        "warn",
    ),
    Verdict.REVOKED: VerdictWords(
        said("Revoked"),
        said("The issuer has withdrawn it for good. It no longer says anything about the holder."),
        said("Do not rely on it. The issuer can say why it was withdrawn."),
        "revoked",
        "[XX]",
        "bad",
    ),
    Verdict.SUSPENDED: VerdictWords(
        said("Suspended"),
        said("The issuer has put it on hold for now; it may be reinstated or revoked."),
        said("Do not rely on it at present. Check it again later, or ask the issuer."),
        "suspended",
        "[||]",
        "bad",
    ),
    Verdict.SUPERSEDED: VerdictWords(
        said("Superseded"),
        said("The issuer has corrected it: another credential takes its place."),
        said("Use the corrected credential instead of this one."),
        "superseded",
        "[>>]",
        "warn",
    ),
    Verdict.TAMPERED: VerdictWords(
        said("Changed after signing"),
        said("The content is not what was signed. Somebody or something has altered it since."),
        said("Do not rely on anything it says. Ask the holder for the original file."),
        "tampered",
        "[!!]",
        "bad",
    ),
    Verdict.UNKNOWN_ISSUER: VerdictWords(
        said("Issuer not proven"),
        said("The key that signed it does not belong to the issuer that it names, or to nobody you trust."),
        said("Do not take the issuer's name on it as true. Ask the issuer directly."),
        "unknown_issuer",
        "[??]",
        "bad",
    ),
    Verdict.CANNOT_TELL: VerdictWords(
        said("Cannot tell"),
        said(
            "Something that an answer needs could not be had or is not supported. The holder is not to blame."
        ),
        said("The checks say what was missing. Check again later."),
        "cannot_tell",
        "[? ]",
        "none",
    ),
    Verdict.MALFORMED: VerdictWords(
        said("Cannot be read"),
        said("This is not a credential, or it is damaged."),
        said(
            "Give the file as it came from the issuer: JSON, or the badge image or PDF in which it is embedded."
        ),
        "malformed",
        "[{}]",
        "none",
    ),
}

#: What is said otherwise of a hosted badge (Open Badges 2.0), which nobody signed: its address is its proof.
HOSTED: dict[Verdict, tuple[str, str]] = {
    Verdict.VALID: (
        said("Valid"),
        said(
            "The content is exactly what the issuer serves at its own address, and the issuer still serves it."
        ),
    ),
    Verdict.TAMPERED: (
        said("Not what the issuer serves"),
        said("The content differs from what the address of the badge serves."),
    ),
    Verdict.UNKNOWN_ISSUER: (
        said("Issuer not proven"),
        said(
            "The badge is served at an address that the issuer it names does not cover, or by nobody you trust."
        ),
    ),
    Verdict.CANNOT_TELL: (
        said("Cannot tell"),
        said(
            "The address of the badge, or something it names, could not be read. The holder is not to blame."
        ),
    ),
}

#: What each check asks, for people.
CHECK_LABELS: dict[str, str] = {
    "syntax": said("It can be read as a credential"),
    "schema": said("It has the form of an Open Badges credential"),
    "safe_mode": said("Every term in it is defined and covered by the signature"),
    "proof": said("The signature fits the content"),
    "key_binding": said("The key belongs to the issuer"),
    "status": said("Not revoked, not suspended"),
    "validity": said("Within its dates"),
    "issuer_trust": said("The issuer is one that you trust"),
    "recipient": said("It was given to this person"),
    "endorsements": said("Endorsements inside it hold"),
    "credentials": said("Credentials inside it hold"),
}

#: What is asked otherwise of a hosted badge.
HOSTED_LABELS: dict[str, str] = {
    "safe_mode": said("It is covered by a signature"),
    "proof": said("Its address serves this content"),
    "key_binding": said("The address belongs to the issuer"),
}

#: How an outcome is said, and its plain sign.
OUTCOME_WORDS: dict[str, tuple[str, str]] = {
    "passed": (said("yes"), "+"),
    "failed": (said("no"), "x"),
    "warning": (said("note"), "!"),
    "not_checked": (said("not checked"), "-"),
}


def words_of(verdict: Verdict | str) -> VerdictWords:
    """The words of a verdict, given as such or as the word of CONTRACTS 1; ValueError for any other word."""
    return WORDS[Verdict(verdict)]


def is_older(report: Report) -> bool:
    """Whether the report is about a badge of Open Badges 2.0 or 1.x."""
    return report.credential is not None and v2_reading.recognises(report.credential)


def is_hosted(report: Report) -> bool:
    """Whether nobody signed the badge: its address at the issuer's is its proof."""
    return is_older(report) and v2_rules.kind_of(report.credential or {}) == "hosted"


def label_for(report: Report, check: str) -> str:
    """What a check of a report asks, for people."""
    own = HOSTED_LABELS.get(check) if is_hosted(report) else None
    return own or CHECK_LABELS.get(check, check)


def words_for(report: Report) -> VerdictWords:
    """The words of a report's verdict; a hosted badge has some of its own."""
    words = words_of(report.verdict)
    if not is_hosted(report):
        return words
    title, sentence = HOSTED.get(report.verdict, (words.title, words.sentence))
    return replace(words, title=title, sentence=sentence)
