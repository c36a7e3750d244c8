"""What this room tells the rooms above, through the outbox. Payloads carry ids only, as strings.

==========================  =========================================================================
``evidence.enrolled``       ``enrolment_id``, ``learner_id``, ``achievement_id``
``evidence.submitted``      ``submission_id``, ``learner_id``
``evidence.returned``       ``submission_id``, ``learner_id``
``evidence.decided``        ``decision_id``, ``submission_id``, ``learner_id``, ``outcome``; once per decision
``evidence.bridge_opened``  ``offer_id``, ``achievement_id``
==========================  =========================================================================
"""

ENROLLED = "evidence.enrolled"
SUBMITTED = "evidence.submitted"
RETURNED = "evidence.returned"
DECIDED = "evidence.decided"
BRIDGE_OPENED = "evidence.bridge_opened"
