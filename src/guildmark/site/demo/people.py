"""The invented people of the demo: members with their roles, and learners with the story of their work."""

from __future__ import annotations

from dataclasses import dataclass

from guildmark.kernel.words import said

PASSWORD = "lamp-post-harbour"  # noqa: S105  (of invented people, printed at every start)


@dataclass(frozen=True)
class Persona:
    """Somebody to sign in as: key, name, roles in the academy (none for a learner) and three first steps."""

    key: str
    name: str
    roles: tuple[str, ...]
    role_words: str
    steps: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.key}@northlamp.example"


PERSONAS = (
    Persona(
        "mara",
        "Mara Lindqvist",
        ("owner", "designer"),
        said("Creator"),
        (
            said("Open Standards and read the gate of the weak draft."),
            said("Edit a criterion of the welcome sequence and see which version it forces."),
            said("Preview the page that a stranger would read."),
        ),
    ),
    Persona(
        "jonas",
        "Jonas Adeyemi",
        ("assessor",),
        said("Assessor"),
        (
            said("Open Assessing and take the oldest submission."),
            said("Rate each criterion and point into the evidence."),
            said("Decide, or return the work with feedback."),
        ),
    ),
    Persona(
        "ines",
        "Inês Carvalho",
        ("registrar",),
        said("Registrar"),
        (
            said("Find a credential by its code."),
            said("Suspend it with a reason, then look at its public page."),
            said("Reinstate it."),
        ),
    ),
    Persona(
        "ruth",
        "Ruth Okonjo",
        ("auditor",),
        said("Auditor"),
        (
            said("Open Audit: the chain is recomputed while you wait."),
            said("Follow one decision from submission to credential."),
            said("Look at the keys, old ones included."),
        ),
    ),
    Persona(
        "priya",
        "Priya Raman",
        ("assessor",),
        said("Partner assessor"),
        (
            said("See work that somebody else has rated first."),
            said("Rate it without seeing those levels."),
            said("Complete your assessment."),
        ),
    ),
    Persona(
        "noor",
        "Noor Haddad",
        (),
        said("Learner"),
        (
            said("Open My credentials and choose what strangers may see."),
            said("Download the file and the badge image."),
            said("Send the file to Check any credential."),
        ),
    ),
    Persona(
        "lena",
        "Lena Fischer",
        (),
        said("Learner with returned work"),
        (said("Open My work."), said("Read the feedback per criterion."), said("Hand in again.")),
    ),
)

# first name key, full name, story. Stories are told in seed.py.
LEARNERS: tuple[tuple[str, str, str], ...] = (
    ("noor", "Noor Haddad", "passed_v2_shown"),
    ("amelie", "Amélie Fontaine", "expired"),
    ("bartosz", "Bartosz Zieliński", "expired"),
    ("carmen", "Carmen Ibáñez", "revoked"),
    ("daniel", "Daniel Osei", "superseded"),
    ("elif", "Elif Yıldız", "suspended"),
    ("farid", "فريد الأنصاري", "passed_v2"),
    ("hana", "田中 花", "passed_v2"),
    ("ivan", "Иван Петров", "passed_v2"),
    ("chaya", "חיה לוי", "passed_v2"),
    ("greta", "Greta Holm", "private"),
    ("hugo", "Hugo Marchetti", "not_yet_valid"),
    ("imani", "Imani Njoroge", "two_judges"),
    ("jakub", "Jakub Novák", "two_judges"),
    ("kofi", "Kofi Mensah", "resubmitted"),
    ("lena", "Lena Fischer", "returned"),
    ("mateo", "Mateo Rojas", "failed"),
    ("nadia", "Nadia Petrescu", "failed"),
    ("oskar", "Oskar Virtanen", "passed_v1"),
    ("paula", "Paula Meireles", "passed_v1"),
    ("quentin", "Quentin Leroy", "passed_v1"),
    ("rosa", "Rosa Delgado", "waiting"),
    ("samir", "Samir Khatri", "waiting"),
    ("tilda", "Tilda Bergström", "waiting_rated"),
    ("uwe", "Uwe Hartmann", "enrolled"),
    ("vera", "Vera Kovač", "brief"),
    ("wanjiru", "Wanjiru Kamau", "brief"),
    ("xiao", "李 小明", "workshop"),
    ("yara", "Yara Saleh", "workshop"),
    ("zoe", "Zoë de Vries", "workshop"),
)
