"""How long and how many: the limits that the publish gate names, and the hard ones that a draft may
not pass.
"""

from __future__ import annotations

from guildmark.kernel.words import said

# Characters of a text by its path without ids; a text that is not listed may have DEFAULT_TEXT.
TEXTS = {
    "title": 120,
    "claim": 300,
    "summary": 1200,
    "audience": 600,
    "badge_note": 300,
    "context.name": 80,
    "context.version": 40,
    "competencies.statement": 300,
    "evidence.title": 120,
    "evidence.brief": 4000,
    "evidence.quiz.domains": 80,
    "criteria.name": 80,
    "criteria.statement": 600,
    "criteria.descriptors": 600,
    "scale.label": 40,
    "alignments.url": 500,
    "samples.url": 500,
    "explainer.url": 500,
    "samples.text": 8000,
    "samples.note": 3000,
    "explainer.transcript": 20000,
    "not_shown": 300,
    "decision.who": 120,
    "decision.what": 300,
    "decision.convinced_by": 600,
    "competencies.alignment_exception": 300,
    "lessons.title": 200,
    "explainer.captions": 20000,
    "conditions.retake_rule": 600,
    "cost.amount": 12,
    "cost.currency": 3,
    "cost.includes": 300,
    "offer.text": 300,
    "offer.source": 80,
    "origin.url": 500,
}
DEFAULT_TEXT = 600
LONG_CLAIM = 200
# Texts that keep their line breaks; every other text is one line.
LINES = frozenset(
    {
        "evidence.brief",
        "samples.text",
        "samples.note",
        "explainer.transcript",
        "explainer.captions",
        "audience",
    }
)
PARTS = {
    "context": 8,
    "competencies": 12,
    "evidence": 12,
    "scale": 6,
    "criteria": 20,
    "alignments": 40,
    "samples": 12,
    "not_shown": 20,
    "lessons": 80,
    "offer": 40,
}
#: Of the part of an address that names a standard.
SLUG = 60
HARD_PARTS = 100
HARD_BYTES = 512 * 1024
# Numbers: path, lowest, highest, and how to say it.
NUMBERS: dict[str, tuple[int, int, str]] = {
    "pass_level": (1, 10, said("a level of the scale")),
    "others_required": (0, 100, said("a number of criteria")),
    "study_hours": (0, 10000, said("hours")),
    "assessment_hours": (0, 1000, said("hours")),
    "validity_months": (1, 240, said("months")),
    "review_months": (1, 60, said("months")),
    "conditions.resubmissions": (0, 20, said("further attempts")),
    "conditions.turnaround_days": (1, 365, said("days")),
    "evidence.max_mb": (1, 2000, said("megabytes")),
    "evidence.max_items": (1, 50, said("files or links")),
    "evidence.min_words": (0, 20000, said("words")),
    "explainer.minutes": (0, 600, said("minutes")),
    "conditions.judges": (1, 5, said("judges")),
    "evidence.variants": (1, 1000, said("variants")),
    "evidence.quiz.items": (1, 500, said("questions")),
    "evidence.quiz.options": (2, 12, said("answers")),
    "evidence.quiz.cut": (0, 500, said("right answers")),
    "evidence.quiz.domains": (0, 500, said("questions")),
    "evidence.quiz.each_domain": (0, 100, said("per cent")),
    "samples.levels": (1, 10, said("a level of the scale")),
}
