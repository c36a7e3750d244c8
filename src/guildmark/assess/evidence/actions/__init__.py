"""Every write of this room; each does policy, change, audit record and outbox event in one transaction."""

from guildmark.assess.evidence.actions.crossing import (
    begin_bridge,
    close_bridge,
    open_bridge,
    set_standing,
)
from guildmark.assess.evidence.actions.deciding import decide, return_with_feedback
from guildmark.assess.evidence.actions.enrolling import (
    acknowledge_bar,
    close_link,
    enrol,
    enrol_by_link,
    import_learners,
    open_link,
    withdraw,
)
from guildmark.assess.evidence.actions.handing_in import (
    add_file,
    add_text,
    add_url,
    file_limit,
    missing_evidence,
    remove_item,
    start_submission,
    submit,
)
from guildmark.assess.evidence.actions.rating import assess, complete_assessment, save_rating, take_for_rating
from guildmark.assess.evidence.actions.readiness import record_readiness
from guildmark.assess.evidence.actions.uploads import (
    MAX_PIECE_BYTES,
    append_upload,
    begin_upload,
    cancel_upload,
    finish_upload,
)

__all__ = [
    "MAX_PIECE_BYTES",
    "acknowledge_bar",
    "add_file",
    "add_text",
    "add_url",
    "append_upload",
    "assess",
    "begin_bridge",
    "begin_upload",
    "cancel_upload",
    "close_bridge",
    "close_link",
    "complete_assessment",
    "decide",
    "enrol",
    "enrol_by_link",
    "file_limit",
    "finish_upload",
    "import_learners",
    "missing_evidence",
    "open_bridge",
    "open_link",
    "record_readiness",
    "remove_item",
    "return_with_feedback",
    "save_rating",
    "set_standing",
    "start_submission",
    "submit",
    "take_for_rating",
    "withdraw",
]
