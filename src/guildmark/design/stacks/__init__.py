"""Standards in relation: layers on a base, members of a stack, and the stack that becomes a certification (DF8, DF9, DF14).

``relations`` ties and unties, ``queries`` reads, ``drawing`` makes the map. ``assembling`` (pure) puts published
standards together, ``blueprint`` (pure) weighs their domains, ``recognition`` (pure) says what holders have shown already,
``promotion`` writes the draft. What upper rooms know of decisions comes through ``history``.
"""
