"""The defence dossier: everything that somebody needs to defend a published version, from the records there are (TV8).

``records`` reads the rooms below once, ``sections`` puts what was read into sections without a database, ``compose``
makes the whole, ``export`` gives it bytes, ``pages`` shows it in the studio.
"""
