"""How likely somebody passes without the skill: everything of the package that others use, in one place."""

from __future__ import annotations

from guildmark.psychometrics.assumed import CHECKS, DOES, FORMS, NAMES, WORKERS, WorkAssumptions, Worker
from guildmark.psychometrics.errors import ImpossibleModel
from guildmark.psychometrics.estimates import Assumption, Estimate
from guildmark.psychometrics.questions import (
    Domain,
    guesser,
    half_of_each,
    learning_retaker,
    memorizer,
    specialist,
    tries_for_even_odds,
    wise_guesser,
)
from guildmark.psychometrics.worksamples import ClosedQuestions, Judged, Piece, WorkSample, chances

__all__ = [
    "CHECKS",
    "DOES",
    "FORMS",
    "NAMES",
    "WORKERS",
    "Assumption",
    "ClosedQuestions",
    "Domain",
    "Estimate",
    "ImpossibleModel",
    "Judged",
    "Piece",
    "WorkAssumptions",
    "WorkSample",
    "Worker",
    "chances",
    "guesser",
    "half_of_each",
    "learning_retaker",
    "memorizer",
    "specialist",
    "tries_for_even_odds",
    "wise_guesser",
]
