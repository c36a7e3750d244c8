"""The forms in which a credential is taken away: the stored bytes, baked pictures, the certificate."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import queries as evidence
from guildmark.issue.document import credential_url
from guildmark.issue.models import Award, Rendering
from guildmark.issue.render import badge_png, badge_svg, certificate_pdf
from guildmark.issue.types import CredentialView, Download
from guildmark.kernel import files
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.kernel.words import said
from guildmark.keys import actions as key_actions
from guildmark.keys import queries as keys
from guildmark.protocol import did, strict_json
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges.bake import bake_png, bake_svg
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.proofs import data_integrity, jose

MEDIA = {
    "json": "application/vc+ld+json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    # As text, which is what other verifiers take a token for (Open Badges 3.0, section 8.2.4).
    "jwt": "text/plain",
    "vc+jwt": "application/vc+jwt",
}
#: The form that a token's header names: Open Badges 3.0 and VC-JOSE-COSE ask for different words.
_PROFILES: dict[str, jose.Profile] = {"jwt": "JWT", "vc+jwt": "vc+jwt"}


def _draw(view: CredentialView, kind: str) -> bytes:
    """Everything drawn comes from the signed bytes alone (DECISIONS 4)."""
    if kind in _PROFILES:
        return _token(view, _PROFILES[kind])
    facts, url = read(json.loads(view.body)), credential_url(view.public_id)
    if kind == "png":
        return bake_png(badge_png(facts, url), view.body)
    if kind == "svg":
        return bake_svg(badge_svg(facts, url).encode(), view.body)
    return certificate_pdf(facts, view.body, url, file_name=f"{view.human_code}.pdf")


def ensure_genuine(view: CredentialView) -> None:
    """Conflict unless the stored bytes carry a proof by a key of the issuer that still counts.

    Asked before what they say is said once more in a form of its own: under another key, or by an address of ours.
    """
    try:
        document = strict_json.load_object(view.body)
        method = document["proof"]["verificationMethod"]
        controller = method.split("#", 1)[0]
        listed = keys.controller_documents(view.org_id)[controller]
        key = did.find_assertion_method(listed, method, controller).key
        data_integrity.verify(document, public_key=key)
    except (ProtocolError, KeyError, TypeError, AttributeError) as error:
        raise Conflict(
            said("The signature of this credential does not hold, so it is given in no other form."),
            mend=said("Open its page to see what is wrong with it."),
        ) from error


def _token(view: CredentialView, profile: jose.Profile) -> bytes:
    """The signed content once more as a token, by the key that is active when it is first asked for."""
    unsecured = {name: value for name, value in json.loads(view.body).items() if name != "proof"}
    key_actions.ensure_active_key(view.org_id, key_actions.JWT)
    signer = keys.token_signer(view.org_id)
    token = jose.sign(
        unsecured, signer=signer.sign, algorithm=signer.algorithm, kid=signer.kid, profile=profile
    )
    return token.encode("ascii")


def _kept(view: CredentialView, kind: str) -> bytes | None:
    row = Rendering.objects.for_org(view.org_id).filter(public_id=view.public_id, kind=kind).first()
    if row is None:
        return None
    try:
        with files.open_file(row.storage_key) as source:
            content = source.read()
        if kind in _PROFILES:
            keys.ensure_published(view.org_id, str(jose.parse(content).header["kid"]))
    except NotFound:
        # The file store was emptied, or the key of the token was compromised since: make it again.
        row.delete()
        return None
    return content


def download(view: CredentialView, kind: str) -> Download:
    """One form of a credential, a key of ``MEDIA``. Made once and kept; it shows no status."""
    name = f"{view.human_code}.{kind.removeprefix('vc+')}"
    if kind == "json":
        return Download(view.body, MEDIA[kind], name)
    if kind in _PROFILES:
        ensure_genuine(view)
    content = _kept(view, kind)
    if content is None:
        content = _draw(view, kind)
        stored = files.save(view.org_id, [content])
        try:
            with transaction.atomic():
                Rendering.objects.create(
                    org_id=view.org_id, public_id=view.public_id, kind=kind, storage_key=stored.key
                )
        except IntegrityError:
            files.delete(stored.key)
    return Download(content, MEDIA[kind], name)


def shown_evidence(view: CredentialView, item_id: UUID) -> Download:
    """A piece of evidence that the holder shows; NotFound for a hidden and for an unknown one."""
    missing = NotFound(
        said("This piece of evidence is not shown."),
        mend=said("Ask the holder whether they want to show it."),
    )
    if str(item_id) not in view.shown_evidence:
        raise missing
    award = Award.objects.for_org(view.org_id).get(id=view.award_id)
    if award.decision_id is None:
        raise missing
    decision = evidence.decision(view.org_id, award.decision_id)
    item = next((item for item in decision.evidence if item.id == item_id), None)
    if item is None:
        raise missing
    with files.open_file(item.storage_key) as source:
        return Download(source.read(), item.media_type, item.filename or "evidence.txt")
