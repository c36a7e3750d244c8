"""Reading what was given (check "syntax") and walking about in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guildmark.protocol import strict_json
from guildmark.protocol.errors import ProtocolError, UnsupportedProof
from guildmark.protocol.openbadges import bake
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.verify import openbadges2
from guildmark.protocol.verify.run import Run


def read(run: Run, source: bytes | str | Mapping[str, Any]) -> dict[str, Any] | None:
    """The document in a file, a text or parsed JSON; None when it cannot be read, which is then written down."""
    try:
        if isinstance(source, Mapping):
            strict_json.check_values(source, run.limits.json)
            document = dict(source)
        else:
            data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
            older = bake.find_v2(data, max_bytes=run.limits.file_bytes)
            text = bake.extract(data, max_bytes=run.limits.file_bytes) if older is None else older
            if older is not None and (address := bake.address_in(older)):
                return openbadges2.read_address(run, address)
            if bake.is_jws(text):
                run.token = jose.parse(text, run.limits.json)
                document = jose.credential_of(run.token)
            else:
                document = strict_json.load_object(text, run.limits.json)
    except UnsupportedProof as error:
        run.passed("syntax", "This is a signed token (VC-JWT).")
        run.note("proof", Outcome.NOT_CHECKED, error.reason, Verdict.CANNOT_TELL)
        return None
    except ProtocolError as error:
        run.failed("syntax", error.reason, Verdict.MALFORMED)
        return None
    what = "a signed token (VC-JWT)" if run.token else "readable JSON"
    run.passed("syntax", f"The file is {what}.")
    return document


def issuer_of(document: Mapping[str, Any]) -> str:
    """Return the id of the issuer, or an empty text."""
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) else ""


def walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a JSON value."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping):
            yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
