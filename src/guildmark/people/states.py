from guildmark.kernel.states import transitions

ORGANISATION = transitions(
    "organisation", active="suspended closing", suspended="active closing", closing="closed active"
)
MEMBERSHIP = transitions("membership", active="suspended", suspended="active")
