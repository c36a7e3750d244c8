"""What this room tells others through the outbox."""

#: payload: framework_id, import_id, added, changed, withdrawn, restored (numbers of skills)
IMPORTED = "skills.framework_imported"
#: payload: framework_id
WITHDRAWN = "skills.framework_withdrawn"
#: payload: framework_id
RESTORED = "skills.framework_restored"
