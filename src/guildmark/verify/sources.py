"""Where documents come from: the trust file, this installation, the guarded network. Imports no Django."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from guildmark.config import load as load_config
from guildmark.kernel import http
from guildmark.kernel.problems import GuildmarkError
from guildmark.protocol import strict_json
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.strict_json import JsonLimits
from guildmark.verify.types import MAX_BYTES, OwnDocuments, Verdict

#: Credentials, DID documents and status lists, most specific first; never HTML, so that no server answers
#: with a page.
ACCEPT = (
    "application/vc+ld+json, application/vc;q=0.9, application/did+ld+json;q=0.8, "
    "application/did+json;q=0.8, application/ld+json;q=0.7, application/json;q=0.6, image/png;q=0.4, "
    "image/svg+xml;q=0.4, application/pdf;q=0.4, text/plain;q=0.2"
)
DOCUMENT_BYTES = 4_000_000
FETCH_SECONDS = 8.0
#: One credential needs a controller document, two status lists, a correction and its controller: twelve is
#: plenty.
MAX_FETCHES = 12
#: Of this installation's own addresses a learner record may need more, but each is a request of the whole site.
MAX_OWN = 120


class SourceUnavailable(GuildmarkError):
    """The address that was given cannot be had, or leads to something else; ``verdict`` is what that comes
    to.
    """

    status, code, title = 422, "source-unavailable", "This address cannot be read"
    verdict = Verdict.CANNOT_TELL


class Missing(Exception):
    """A document that a check needs cannot be had; the text says why."""


class Withdrawn(Missing):
    """The address answers that what it served was withdrawn (410); the text is the reason it gives, if any."""


def reason_in(body: bytes) -> str:
    """The ``revocationReason`` of a withdrawn Open Badges 2.0 assertion, or an empty text."""
    try:
        reason = strict_json.load_object(body, JsonLimits(bytes=20_000)).get("revocationReason")
    except ProtocolError:
        return ""
    return reason[:500] if isinstance(reason, str) else ""


def is_own(url: str) -> bool:
    """True for addresses under this installation's base URL (DECISIONS 13)."""
    base, given = urlsplit(load_config().base_url), urlsplit(url)
    try:
        return (base.scheme, base.hostname, base.port) == (given.scheme, given.hostname, given.port)
    except ValueError:
        return False


def explain(error: http.FetchError) -> str:
    """The reason of a failed fetch, with the mend where there is one."""
    if error.blocked and "private network" in error.reason:
        return f"{error.reason} Only addresses on the open internet are opened from here."
    return error.reason


@dataclass
class Documents:
    """What one check may ask for. Every answer is the bytes of what is served; the child parses them.

    ``served_at`` is the address that gave the last answer, after redirects.
    """

    own: OwnDocuments | None
    offline: bool
    allow_private: bool
    deadline: float
    fetches: int = 0
    own_answers: int = 0
    served_at: str = ""

    def get(self, url: str) -> bytes:
        """The document at an address; Missing with the reason if it cannot be had."""
        self.served_at = url
        if self.own is not None and is_own(url):
            self.own_answers += 1
            if self.own_answers > MAX_OWN:
                raise Missing(f"The credential asks this installation for more than {MAX_OWN} documents.")
            found = self.own(url)
            if found is None:
                raise Missing(f"This installation serves nothing at {url[:200]}.")
            return found
        if self.offline:
            raise Missing(f"{url[:200]} is needed, and no connection is made when checking offline.")
        return self._fetch(url)

    def _fetch(self, url: str) -> bytes:
        self.fetches += 1
        if self.fetches > MAX_FETCHES:
            raise Missing(f"The credential asks for more than {MAX_FETCHES} documents.")
        seconds = min(FETCH_SECONDS, self.deadline - time.monotonic())
        if seconds <= 0:
            raise Missing("The time for this check was over before everything could be fetched.")
        try:
            answer = http.fetch(
                url,
                accept=ACCEPT,
                max_bytes=DOCUMENT_BYTES,
                seconds=seconds,
                allow_private=self.allow_private,
            )
        except http.FetchError as error:
            raise Missing(f"{url[:200]} could not be fetched. {explain(error)}") from error
        if answer.status == 410:
            raise Withdrawn(reason_in(answer.body))
        if answer.status != 200:
            raise Missing(f"{url[:200]} answered with status {answer.status}.")
        self.served_at = answer.url
        return answer.body


def withdrawn_assertion(url: str, reason: str) -> bytes:
    """What a 410 says in Open Badges 2.0, as the document that is then checked like any other."""
    document = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": url,
        "verification": {"type": "HostedBadge"},
        "revoked": True,
        "revocationReason": reason,
    }
    return json.dumps(document).encode()


def read_url(
    url: str, *, own: OwnDocuments | None = None, allow_private: bool = False, seconds: float = FETCH_SECONDS
) -> bytes:
    """Fetch the credential at an address: its bytes. SourceUnavailable says why it cannot be had."""
    if own is not None and is_own(url):
        try:
            found = own(url)
        except Withdrawn as gone:
            return withdrawn_assertion(url, str(gone))
        if found is None:
            raise SourceUnavailable(
                "There is no public credential at this address.",
                mend="Check the address. A credential that its holder keeps private has a link of its own.",
                field="url",
            )
        return found
    try:
        answer = http.fetch(
            url, accept=ACCEPT, max_bytes=MAX_BYTES, seconds=seconds, allow_private=allow_private
        )
    except http.FetchError as error:
        raise SourceUnavailable(
            explain(error), mend="Download the credential and give the file instead.", field="url"
        ) from error
    if answer.status == 410:
        return withdrawn_assertion(url, reason_in(answer.body))
    if answer.status != 200:
        raise SourceUnavailable(
            f"The address answered with status {answer.status}.",
            mend="Check the address, or give the file.",
            field="url",
        )
    if answer.media_type in {"text/html", "application/xhtml+xml"}:
        problem = SourceUnavailable(
            "The address leads to a web page, not to a credential.",
            mend="Download the credential from that page and give the file, or give the address of its JSON.",
            field="url",
        )
        problem.verdict = Verdict.MALFORMED
        raise problem
    return answer.body
