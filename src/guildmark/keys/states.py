from guildmark.kernel.states import transitions

# A retired key stays published for ever, so that what it signed verifies. Only compromise takes a key away.
KEY = transitions(
    "key",
    active="retiring compromised",
    retiring="retired compromised",
    retired="compromised",
)
