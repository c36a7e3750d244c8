"""The model of the document, and that nothing in it is said in disguise (checks "schema" and "safe_mode")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guildmark.protocol import contexts
from guildmark.protocol.errors import Malformed, UnknownContext
from guildmark.protocol.openbadges import schemas
from guildmark.protocol.policy import Effect
from guildmark.protocol.report import Verdict
from guildmark.protocol.verify.reading import walk
from guildmark.protocol.verify.run import Run


def conforms(run: Run, document: Mapping[str, Any]) -> bool:
    """Whether the document is undisguised, and of the model where that decides; what is wrong is written down."""
    if run.wants("schema"):
        found = schemas.violations(document)
        if found:
            first = found[0]
            run.failed("schema", f"{first.path or 'The document'}: {first.message}", Verdict.MALFORMED)
            if run.policy.effect("schema") is Effect.DECIDES:
                return False
        run.passed("schema", f"Checked against our model of the {schemas.model_of(document)}.")
    try:
        refuse_disguise(document)
    except UnknownContext as error:
        run.failed("safe_mode", error.reason, Verdict.CANNOT_TELL)
        return False
    except Malformed as error:
        run.failed("safe_mode", error.reason, Verdict.MALFORMED)
        return False
    return True


def refuse_disguise(document: Mapping[str, Any]) -> None:
    """Refuse what keeps the signature and changes what a reader of the JSON sees.

    A signature covers statements, not keys. Whoever holds a credential could write a key as its
    full address, rename it by a context of his own, or move it to a second node with the same id:
    the proof would hold, and the expiry or the status would be gone for everyone who reads JSON.
    """
    own_id = document.get("id")
    for node in walk(document):
        local = node.get("@context", [])
        for item in local if isinstance(local, list) else [local]:
            if not isinstance(item, str):
                raise UnknownContext(
                    "The document defines terms of its own, which could hide what was signed.",
                    field="@context",
                )
            # Those of a proof are not read, but others might read them.
            contexts.raw(item)
        for key in node:
            if ":" in key or (key.startswith("@") and key not in ("@context", "@value", "@language")):
                raise Malformed(f"The key {key[:80]!r} is not a plain term.", field=key[:80])
        repeated = node is not document and own_id is not None and own_id in (node.get("id"), node.get("@id"))
        if repeated and not _is_endorsed(node):
            raise Malformed("Two parts of the document claim to be the credential.", field="id")


def _is_endorsed(node: Mapping[str, Any]) -> bool:
    """Whether a node only says what an endorsement says of the credential it stands in; that hides nothing."""
    kind = node.get("type")
    return set(node) <= {"id", "type", "endorsementComment"} and kind in (
        "EndorsementSubject",
        ["EndorsementSubject"],
    )
