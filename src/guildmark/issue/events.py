"""What this room tells the rooms above, through the outbox. Payloads carry ids only, as text.

====================================  ======================================================================
``issue.credential_issued``           ``credential`` (public id), ``award``, ``learner``, ``supersedes`` or ''
``issue.credential_revoked``          ``credential``, ``learner``
``issue.credential_suspended``        ``credential``, ``learner``
``issue.credential_reinstated``       ``credential``, ``learner``
``issue.credential_superseded``       ``credential``, ``learner``, ``replacement`` (public id)
``issue.award_failed``                ``award``; it waits for somebody to mend it
``issue.person_erased``               ``learner``
====================================  ======================================================================
"""

ISSUED = "issue.credential_issued"
REVOKED = "issue.credential_revoked"
SUSPENDED = "issue.credential_suspended"
REINSTATED = "issue.credential_reinstated"
SUPERSEDED = "issue.credential_superseded"
AWARD_FAILED = "issue.award_failed"
PERSON_ERASED = "issue.person_erased"
