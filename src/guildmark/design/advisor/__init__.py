"""The advisor: what are you awarding, and whose decision must it influence?

``answers`` is what is asked, ``scoring`` and ``workload`` say what an answer counts and costs, ``engine`` puts the
advice together, ``verdicts`` words it, ``plan`` dates it, ``recheck`` compares it with a standard, ``outline`` reads a
course. All of that is pure: the same answers give the same advice in the browser, over the API and at the command line.
It says its words as ``saying`` puts them, English that a page can say in another language. Only ``actions``,
``queries``, ``forms`` and ``pages`` know Django.
"""
