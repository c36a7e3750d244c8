"""The model of verifiable credentials of any kind: VCDM 2.0 (sections 4, 5 and 11) and VCDM 1.1 (sections 4 and 5).

What JSON-LD cannot say: which properties must be there, and of which form. Undefined terms, types that lead nowhere and
redefined terms are the business of safe mode (:mod:`guildmark.protocol.canonical.jsonld`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from guildmark.protocol import contexts
from guildmark.protocol.canonical.rdfc import is_absolute_iri
from guildmark.protocol.errors import Malformed
from guildmark.protocol.resources import check_related
from guildmark.protocol.times import parse_instant

CREDENTIAL: Final = "VerifiableCredential"
PRESENTATION: Final = "VerifiablePresentation"
ENVELOPED_CREDENTIAL: Final = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION: Final = "EnvelopedVerifiablePresentation"

#: Gives the bytes of a resource, or None if they cannot be had.
Resources = Callable[[str], bytes | None]

#: Properties whose objects say their ``type`` (VCDM 2.0, sections 4.5 and 5.10).
_TYPED: Final = (
    "credentialStatus",
    "credentialSchema",
    "refreshService",
    "termsOfUse",
    "evidence",
    "renderMethod",
    "confidenceMethod",
)
_LANGUAGE_VALUE: Final = frozenset({"@value", "@language", "@direction"})


def version_of(document: Mapping[str, Any]) -> str:
    """``"2.0"`` or ``"1.1"``, by the first context; Malformed if it is neither."""
    given = document.get("@context")
    if not isinstance(given, list) or not given:
        raise Malformed("@context must be a list whose first item is a base context.", field="@context")
    for item in given:
        if not isinstance(item, str | Mapping):
            raise Malformed("Every context is an address or an object.", field="@context")
    if given[0] == contexts.CREDENTIALS_V2:
        return "2.0"
    if given[0] == contexts.CREDENTIALS_V1:
        return "1.1"
    raise Malformed(
        "The first context is no base context of verifiable credentials.",
        field="@context",
        mend=f"Begin with {contexts.CREDENTIALS_V2}.",
    )


def types_of(document: Mapping[str, Any], field: str = "type") -> list[str]:
    """The types of an object; Malformed if there is none or one of them is no text."""
    given = document.get("type")
    found = [one for one in _each(given) if isinstance(one, str) and one]
    if not found or (isinstance(given, list) and len(found) != len(given)):
        raise Malformed("An object has no type, or one that is no text.", field=field)
    return found


def check_credential(document: Mapping[str, Any], resources: Resources = lambda url: None) -> str:
    """Return the version of a credential of sound form; Malformed otherwise.

    ``resources`` gives what a digest under ``relatedResource`` is checked against. Proofs are not looked at.
    """
    version = version_of(document)
    if CREDENTIAL not in types_of(document):
        raise Malformed(f"{CREDENTIAL} is not among the types.", field="type")
    check_id(document, "id")
    check_party(document, "issuer", required=True)
    for name in ("name", "description"):
        check_words(document, name)
    if isinstance(document["issuer"], Mapping):
        for name in ("name", "description"):
            check_words(document["issuer"], name, f"issuer.{name}")
    _check_subjects(document)
    _check_period(document, version)
    _check_typed(document, version)
    check_related(document.get("relatedResource"), resources)
    return version


def check_id(node: Mapping[str, Any], field: str, *, required: bool = False) -> None:
    """An ``id``, if there is one, is a single URL (VCDM 2.0, section 4.4)."""
    if "id" in node:
        check_url(node["id"], field)
    elif required:
        raise Malformed("The id is missing.", field=field)


def check_url(value: Any, field: str) -> None:
    """Malformed unless the value is an absolute address."""
    if not isinstance(value, str) or not is_absolute_iri(value) or value.endswith(":"):
        raise Malformed(f"{str(value)[:80]!r} is not a URL.", field=field)


def check_party(document: Mapping[str, Any], name: str, *, required: bool = False) -> None:
    """``issuer`` or ``holder``: a URL, or an object with an id that is one (sections 4.7 and 4.13)."""
    if name not in document:
        if required:
            raise Malformed(f"The {name} is missing.", field=name)
        return
    value = document[name]
    if isinstance(value, Mapping):
        check_id(value, f"{name}.id", required=True)
    else:
        check_url(value, name)


def party_of(document: Mapping[str, Any], name: str) -> str | None:
    """The id of ``issuer`` or ``holder``, if there is one."""
    value = document.get(name)
    value = value.get("id") if isinstance(value, Mapping) else value
    return value if isinstance(value, str) else None


def check_words(node: Mapping[str, Any], name: str, field: str = "") -> None:
    """A name or description: texts or language values (sections 4.6 and 11.1)."""
    if name not in node:
        return
    for value in _each(node[name]):
        if isinstance(value, str):
            continue
        if not isinstance(value, Mapping) or not isinstance(value.get("@value"), str):
            raise Malformed(f"The {name} is neither a text nor a language value.", field=field or name)
        if set(value) - _LANGUAGE_VALUE:
            raise Malformed(f"The language value of {name} holds something else.", field=field or name)
        if value.get("@direction", "ltr") not in ("ltr", "rtl"):
            raise Malformed(f"The direction of {name} is neither ltr nor rtl.", field=field or name)


def _check_subjects(document: Mapping[str, Any]) -> None:
    found = document.get("credentialSubject")
    subjects = found if isinstance(found, list) else [found]
    if not subjects:
        raise Malformed("The credential is about nobody.", field="credentialSubject")
    for subject in subjects:
        if not isinstance(subject, Mapping) or not subject:
            raise Malformed("A credentialSubject is no object, or an empty one.", field="credentialSubject")
        check_id(subject, "credentialSubject.id")


def _check_period(document: Mapping[str, Any], version: str) -> None:
    start, end = ("validFrom", "validUntil") if version == "2.0" else ("issuanceDate", "expirationDate")
    if version == "1.1" and start not in document:
        raise Malformed("The issuanceDate is missing.", field=start)
    moments = [
        parse_instant(document[name], field=name) if name in document else None for name in (start, end)
    ]
    if moments[0] and moments[1] and moments[1] < moments[0]:
        raise Malformed("The validity ends before it begins.", field=end)


def check_terms_of_use(document: Mapping[str, Any]) -> None:
    """``termsOfUse``, of a credential or a presentation: objects with a type (section 5.5)."""
    for value in _each(document.get("termsOfUse", [])):
        if not isinstance(value, Mapping):
            raise Malformed("termsOfUse is no object.", field="termsOfUse")
        types_of(value, "termsOfUse.type")
        check_id(value, "termsOfUse.id")


def _check_typed(document: Mapping[str, Any], version: str) -> None:
    for name in _TYPED:
        if name not in document:
            continue
        for value in _each(document[name]):
            if not isinstance(value, Mapping):
                raise Malformed(f"{name} is no object.", field=name)
            types_of(value, f"{name}.type")
            needs_id = name == "credentialSchema" or (
                version == "1.1" and name in ("credentialStatus", "refreshService")
            )
            check_id(value, f"{name}.id", required=needs_id)


def _each(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else [value]
