"""The grammars of English, German and Spanish."""

from guildmark.design.claims.grammars import english, german, spanish

GRAMMARS = {"en": english.GRAMMAR, "de": german.GRAMMAR, "es": spanish.GRAMMAR}
