"""Names that writing and reading share."""

from __future__ import annotations

import re
from typing import Final

#: The published schema of the Achievement Credential on VCDM 2.0.
SCHEMA_URL: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
SCHEMA_TYPE: Final = "1EdTechJsonSchemaValidator2019"

#: Prefix of the result types that carry our figures; Open Badges allows ``ext:`` types.
FACT_PREFIX: Final = "ext:guildmark."
FACT_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}\Z")
CRITERION_TYPE: Final = "RubricCriterionLevel"

ASSESSED_ON: Final = "assessedOn"
JUDGES: Final = "judges"
JUDGE_ROLE: Final = "judgeRole"
WEAKNESS: Final = "separationOfDuty"
ATTEMPT: Final = "attempt"
MODE: Final = "mode"
BAR: Final = "bar"
CONDITIONS: Final = "conditions"
HOURS: Final = "hours"
NOT_SHOWN: Final = "notShown"
INDEPENDENCE: Final = "independence"
INDEPENDENCE_CHECKED: Final = "independenceChecked"
AUTHORSHIP: Final = "authorshipDone"
IDENTITY: Final = "identity"
JUDGED_TWICE_SO_FAR: Final = "judgedTwiceSoFar"
SAME_OUTCOME_SO_FAR: Final = "sameOutcomeSoFar"
CARRIED: Final = "carriedOver"
REVIEW_EVERY: Final = "reviewEvery"
ASSESSED_SO_FAR: Final = "assessedSoFar"
PASSED_SO_FAR: Final = "passedSoFar"

#: What people read beside each figure; a spec's ``labels`` replace them in other languages.
LABELS: Final[dict[str, str]] = {
    ASSESSED_ON: "Assessed on",
    JUDGES: "Number of judges",
    JUDGE_ROLE: "Role of a judge",
    WEAKNESS: "Weaker than full separation of duties",
    ATTEMPT: "Attempt",
    MODE: "Mode of assessment",
    BAR: "The bar",
    CONDITIONS: "Conditions",
    HOURS: "Expected effort in hours",
    NOT_SHOWN: "Not shown by this credential",
    INDEPENDENCE: "Separation of duties",
    INDEPENDENCE_CHECKED: "Points of separation looked at",
    AUTHORSHIP: "Checked for this work that it is theirs",
    IDENTITY: "How it was checked who did the work",
    JUDGED_TWICE_SO_FAR: "Works that two people judged when this was decided",
    SAME_OUTCOME_SO_FAR: "Of these, works with one outcome",
    CARRIED: "Carried over from an earlier decision",
    REVIEW_EVERY: "The standard is reviewed",
    ASSESSED_SO_FAR: "Learners assessed when this was decided",
    PASSED_SO_FAR: "Learners passed when this was decided",
}


def criterion_id(achievement_id: str, criterion: str) -> str:
    """Return the id of the ResultDescription of a criterion."""
    return f"{achievement_id}#criterion-{criterion}"


def level_id(achievement_id: str, criterion: str, level: str) -> str:
    """Return the id of a RubricCriterionLevel."""
    return f"{achievement_id}#criterion-{criterion}-level-{level}"


def fact_id(achievement_id: str, key: str) -> str:
    """Return the id of the ResultDescription of a figure."""
    return f"{achievement_id}#fact-{key}"
