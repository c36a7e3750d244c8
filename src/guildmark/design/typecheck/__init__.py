"""Is a credential well typed? What a verb says must be seen in evidence of a fitting kind, by a criterion that counts."""

from guildmark.design.typecheck.check import check, suggest
from guildmark.design.typecheck.rules import ADMISSIBLE, CLASS_WORDS, FORM_WORDS
from guildmark.design.typecheck.verbs import classes_of, verbs_in

__all__ = ["ADMISSIBLE", "CLASS_WORDS", "FORM_WORDS", "check", "classes_of", "suggest", "verbs_in"]
