"""The type check: from the verb to the decision, one fault per broken link, each for its own reason (M5, AE1-AE8)."""

from __future__ import annotations

from collections.abc import Iterator

from guildmark.design.faults import Fault, advises, blocks, listed
from guildmark.design.typecheck import rules
from guildmark.design.typecheck.structure import Structure, Thread, counts_attendance, fits, passing_without
from guildmark.design.types import Competency, Criterion, Standard


def check(standard: Standard) -> Iterator[Fault]:
    """Everything that does not hold together in a standard of work that is judged."""
    structure = Structure(standard)
    only = list(_never_enough(structure))
    yield from only
    for thread in structure.threads:
        yield from _thread(structure, thread, presence_only=bool(only))
    for criterion in standard.criteria:
        yield from _criterion(structure, criterion, presence_only=bool(only))
    yield from _evidence(structure)
    if not only:
        yield from _claim(structure)
    yield from _lessons(standard)


def suggest(standard: Standard) -> Iterator[Fault]:
    """Where a standard may hold two skills (MC1). A guess from words, so it stands beside the table, not in the gate."""
    structure = Structure(standard)
    for thread in structure.unrelated():
        yield advises(
            "type.unrelated",
            f"competencies.{thread.competency.id}",
            f"{said(thread.competency)} shares neither a word nor a piece of evidence with the rest.",
            "If it is a skill of its own, divide the standard; if not, say what joins it to the claim.",
        )


def said(competency: Competency) -> str:
    text = competency.statement
    return f"“{text if len(text) <= 70 else text[:67].rstrip() + '…'}”"


def _names(criteria: list[Criterion]) -> str:
    return listed([f"“{c.name or c.id}”" for c in criteria])


# --- presence and closed questions (AE8)


def _never_enough(structure: Structure) -> Iterator[Fault]:
    standard = structure.standard
    forms = {piece.form for piece in standard.evidence}
    counted = bool(standard.criteria) and all(counts_attendance(c) for c in standard.criteria)
    if forms == {"attendance"} or counted:
        yield blocks(
            "attendance.only",
            "evidence",
            "All that is asked for is presence: watching or attending everything is not doing anything with it.",
            "Ask for work that somebody can look at. Presence may stay as a condition to take part, or choose the "
            "class completion record.",
        )
    elif forms and forms <= rules.NEVER:
        yield blocks(
            "quiz.only",
            "evidence",
            "All that is asked for are closed questions: whoever answers them may not be able to do it.",
            "Add a piece of work; the questions may stay beside it.",
        )


# --- competencies


def _thread(structure: Structure, thread: Thread, *, presence_only: bool) -> Iterator[Fault]:
    standard, competency = structure.standard, thread.competency
    path = f"competencies.{competency.id}"
    if not competency.statement:
        return
    if thread.verb_class == "recall":
        yield blocks(
            "type.recall",
            path,
            f"{said(competency)} asks to recall something; no piece of work shows that.",
            "Say what they do with it: explain, decide, build, repair.",
        )
        return
    if not thread.verb_class:
        yield advises(
            "type.verb",
            path,
            f"What kind of doing {said(competency)} is cannot be read from its verb.",
            "Choose the kind beside it, so that the evidence can be compared with it.",
        )
    if not standard.criteria:
        return
    if not thread.criteria:
        if all(criterion.competencies for criterion in standard.criteria):
            mend = "Tie a criterion to it, or remove it."
            yield blocks("competency.unjudged", path, "No criterion judges this competency.", mend)
        return
    if thread.pieces and not presence_only:
        yield from _seen(structure, thread, path)


def _seen(structure: Structure, thread: Thread, path: str) -> Iterator[Fault]:
    standard, competency = structure.standard, thread.competency
    word = rules.CLASS_WORDS[thread.verb_class]
    if not thread.admissible:
        looked = listed([f"“{p.title or p.id}” ({rules.FORM_WORDS[p.form]})" for p in thread.pieces])
        wanted = rules.WANTED[thread.verb_class] if thread.verb_class else "a piece of work"
        yield blocks(
            "type.inadmissible",
            path,
            f"{said(competency)} {word}, and that cannot be seen in {looked}.",
            f"Ask for {wanted}, and tie a criterion of this competency to it; or say what the piece is.",
        )
        return
    if not any(piece.required for piece in thread.admissible):
        if any(piece.required for piece in standard.evidence):
            yield blocks(
                "type.optional_evidence",
                path,
                f"The only piece in which {said(competency)} is seen may be left out.",
                f"Mark {listed([f'“{p.title or p.id}”' for p in thread.admissible], 'or')} as required.",
            )
        return
    if thread.verb_class == "decide" and not structure.has_rationale(thread):
        yield blocks(
            "type.rationale",
            path,
            f"{said(competency)} decides something, and nothing asks for the reasons.",
            "Have the scenario answered in writing, or look at a walkthrough as well.",
        )
    if not thread.counting:
        yield blocks(
            "type.attendance_criterion",
            path,
            f"The criteria of {said(competency)} count presence, not what was done.",
            "Say what a judge looks at in the work.",
        )
        return
    yield from _gap(standard, thread, path)
    unseen = [
        verb
        for verb in thread.others
        if verb != "recall" and not any(fits(verb, piece.form) for piece in thread.pieces)
    ]
    if unseen:
        also = listed([rules.CLASS_WORDS[verb] for verb in unseen])
        yield advises(
            "type.two_doings",
            path,
            f"{said(competency)} also {also}, which nothing here shows.",
            "Split it into two competencies, or leave the second verb out.",
        )


def _gap(standard: Standard, thread: Thread, path: str) -> Iterator[Fault]:
    if not standard.must_pass or standard.others_required > len(standard.others):
        return  # said by the checks of the rule itself
    pattern = passing_without(standard, thread.counting)
    if pattern is not None:
        yield blocks(
            "rule.gap",
            path,
            f"The rule lets somebody pass who shows nothing of {said(thread.competency)}: it is enough to meet "
            f"{_names(pattern)}.",
            f"Make {_names(list(thread.counting))} must-pass, or ask for more of the other criteria.",
        )


# --- criteria and evidence


def _criterion(structure: Structure, criterion: Criterion, *, presence_only: bool) -> Iterator[Fault]:
    path = f"criteria.{criterion.id}"
    for field, kind, links, known in (
        ("competencies", "competency", criterion.competencies, structure.competencies),
        ("evidence", "piece of evidence", criterion.evidence, structure.evidence),
    ):
        where = f"{path}.{field}"
        if not links:
            yield blocks(
                "criterion.unlinked", where, f"This criterion is tied to no {kind}.", "Tie it to one."
            )
        for identity in links if known else ():  # that there is none at all is said elsewhere
            if identity not in known:
                message = f"This criterion names the {kind} {identity}, which does not exist."
                yield blocks("link.dangling", where, message, "Choose one that exists.")
    if presence_only:
        return
    threads = [structure.by_id[name] for name in criterion.competencies if name in structure.by_id]
    pieces = structure.pieces_of(criterion)
    seen = any(fits(thread.verb_class, piece.form) for thread in threads for piece in pieces)
    # A competency without any admissible piece has a fault of its own; this one is about the criterion alone.
    if threads and pieces and not seen and all(thread.admissible for thread in threads):
        looked = listed([rules.FORM_WORDS[piece.form] for piece in pieces])
        doing = listed(
            [f"{said(thread.competency)} ({rules.CLASS_WORDS[thread.verb_class]})" for thread in threads]
        )
        yield blocks(
            "type.criterion_evidence",
            path,
            f"“{criterion.name or criterion.id}” judges {doing} from {looked}, which does not show it.",
            "Tie it to the piece in which it is seen, or to the competency that this piece shows.",
        )


def _evidence(structure: Structure) -> Iterator[Fault]:
    standard = structure.standard
    used = {name for criterion in standard.criteria for name in criterion.evidence}
    tied = bool(standard.criteria) and all(criterion.evidence for criterion in standard.criteria)
    for piece in standard.evidence:
        path = f"evidence.{piece.id}"
        if tied and piece.id not in used and piece.form != "attendance":
            mend = "Tie it to a criterion, or do not ask for it."
            say = blocks if piece.required else advises
            yield say("evidence.unused", path, "No criterion looks at this piece of evidence.", mend)
        if piece.form not in rules.NEVER and piece.form not in rules.ACTION_FORMS[piece.action]:
            yield advises(
                "type.action",
                path,
                f"What they do ({piece.action}) and what it is ({rules.FORM_WORDS[piece.form]}) do not fit.",
                "Change one of them.",
            )


# --- the claim, and the lessons


def _claim(structure: Structure) -> Iterator[Fault]:
    """The claim's own verbs need evidence, even where no competency repeats them."""
    if not structure.threads or not structure.judged_forms():
        return
    held = {thread.verb_class for thread in structure.threads}
    for verb in structure.claim_classes():
        if verb in held or verb == "recall" or rules.ADMISSIBLE[verb] & structure.judged_forms():
            continue
        yield blocks(
            "type.claim",
            "claim",
            f"The claim {rules.CLASS_WORDS[verb]}; nothing that is judged shows it.",
            f"Ask for {rules.WANTED[verb]}, write a competency for it, or claim what the work shows.",
        )


def _lessons(standard: Standard) -> Iterator[Fault]:
    """A course and its standard, both ways; only where lessons are given (PO5)."""
    known = {part.id for part in standard.competencies}
    served = {name for lesson in standard.lessons for name in lesson.competencies}
    for lesson in standard.lessons:
        path = f"lessons.{lesson.id}"
        gone = [name for name in lesson.competencies if name not in known]
        if gone:
            message = f"This lesson names the competency {gone[0]}, which does not exist."
            yield advises("lesson.dangling", path, message, "Choose one that exists.")
        elif not lesson.competencies:
            message = f"The lesson “{lesson.title or lesson.id}” serves no competency."
            yield advises(
                "lesson.unmapped", path, message, "Tie it to one, or ask whether the course needs it."
            )
    for competency in standard.competencies if standard.lessons else ():
        if competency.id not in served and competency.statement:
            message = f"No lesson prepares for {said(competency)}."
            yield advises(
                "competency.no_lesson", f"competencies.{competency.id}", message, "Plan a lesson for it."
            )
