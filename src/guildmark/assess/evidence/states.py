"""Which state may follow which (DESIGN section 5)."""

from __future__ import annotations

from guildmark.kernel.states import transitions

LINK = transitions("enrolment link", open="closed")
ENROLMENT = transitions(
    "enrolment",
    enrolled="acknowledged withdrawn",
    acknowledged="acknowledged passed not_passed withdrawn",
    not_passed="",
    passed="",
    withdrawn="",
)
SUBMISSION = transitions(
    "submission",
    draft="submitted",
    submitted="in_rating returned",
    in_rating="discrepant returned decided",
    discrepant="in_rating returned decided",
    returned="",
    decided="",
)
ASSESSMENT = transitions("assessment", draft="complete", complete="")

# A learner with a submission in one of these states cannot begin another.
OPEN_SUBMISSIONS = ("draft", "submitted", "in_rating", "discrepant")
JUDGED_SUBMISSIONS = ("submitted", "in_rating", "discrepant")
