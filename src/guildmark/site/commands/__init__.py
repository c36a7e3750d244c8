"""The commands of ``guildmark``: one module each, loaded only when it is asked for (see
:mod:`guildmark.cli`).
"""
