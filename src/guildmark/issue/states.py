from guildmark.kernel.states import transitions

AWARD = transitions("award", approved="issued declined")
# Expired is computed from valid_until and superseded from a link; neither is a state.
CREDENTIAL = transitions("credential", issued="suspended revoked", suspended="issued revoked")
BATCH = transitions(
    "batch",
    checked="running cancelled",
    running="paused done cancelled",
    # What was in hand when it was paused may have been the last of it.
    paused="running done cancelled",
)
