"""The type check: from the verb to the decision, one fault per broken link, each for its own reason (M5, AE1-AE8)."""

from __future__ import annotations

from collections.abc import Iterator

from guildmark.design.faults import Fault, advises, blocks, listed
from guildmark.design.typecheck import rules
from guildmark.design.typecheck.structure import Structure, Thread, counts_attendance, fits, passing_without
from guildmark.design.types import Competency, Criterion, Standard
from guildmark.kernel.words import marked, said


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
            said(
                "{competency} shares neither a word nor a piece of evidence with the rest.",
                competency=quoted(thread.competency),
            ),
            said("If it is a skill of its own, divide the standard; if not, say what joins it to the claim."),
        )


def quoted(competency: Competency) -> str:
    text = competency.statement
    return said("“{text}”", text=text if len(text) <= 70 else text[:67].rstrip() + "…")


def _names(criteria: list[Criterion]) -> str:
    return listed([said("“{text}”", text=c.name or c.id) for c in criteria])


# --- presence and closed questions (AE8)


def _never_enough(structure: Structure) -> Iterator[Fault]:
    standard = structure.standard
    forms = {piece.form for piece in standard.evidence}
    counted = bool(standard.criteria) and all(counts_attendance(c) for c in standard.criteria)
    if forms == {"attendance"} or counted:
        yield blocks(
            "attendance.only",
            "evidence",
            said(
                "All that is asked for is presence: watching or attending everything is not doing anything with it."
            ),
            said(
                "Ask for work that somebody can look at. Presence may stay as a condition to take part, or choose the "
                "class completion record."
            ),
        )
    elif forms and forms <= rules.NEVER:
        yield blocks(
            "quiz.only",
            "evidence",
            said(
                "All that is asked for are closed questions: whoever answers them may not be able to do it."
            ),
            said("Add a piece of work; the questions may stay beside it."),
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
            said(
                "{competency} asks to recall something; no piece of work shows that.",
                competency=quoted(competency),
            ),
            said("Say what they do with it: explain, decide, build, repair."),
        )
        return
    if not thread.verb_class:
        yield advises(
            "type.verb",
            path,
            said(
                "What kind of doing {competency} is cannot be read from its verb.",
                competency=quoted(competency),
            ),
            said("Choose the kind beside it, so that the evidence can be compared with it."),
        )
    if not standard.criteria:
        return
    if not thread.criteria:
        if all(criterion.competencies for criterion in standard.criteria):
            mend = said("Tie a criterion to it, or remove it.")
            yield blocks("competency.unjudged", path, said("No criterion judges this competency."), mend)
        return
    if thread.pieces and not presence_only:
        yield from _seen(structure, thread, path)


def _seen(structure: Structure, thread: Thread, path: str) -> Iterator[Fault]:
    standard, competency = structure.standard, thread.competency
    word = rules.CLASS_WORDS[thread.verb_class]
    if not thread.admissible:
        looked = listed(
            [
                said("“{title}” ({form})", title=p.title or p.id, form=rules.FORM_WORDS[p.form])
                for p in thread.pieces
            ]
        )
        wanted = rules.WANTED[thread.verb_class] if thread.verb_class else said("a piece of work")
        yield blocks(
            "type.inadmissible",
            path,
            said(
                "{competency} {doing}, and that cannot be seen in {pieces}.",
                competency=quoted(competency),
                doing=word,
                pieces=looked,
            ),
            said(
                "Ask for {wanted}, and tie a criterion of this competency to it; or say what the piece is.",
                wanted=wanted,
            ),
        )
        return
    if not any(piece.required for piece in thread.admissible):
        if any(piece.required for piece in standard.evidence):
            yield blocks(
                "type.optional_evidence",
                path,
                said(
                    "The only piece in which {competency} is seen may be left out.",
                    competency=quoted(competency),
                ),
                said(
                    "Mark {pieces} as required.",
                    pieces=listed([said("“{text}”", text=p.title or p.id) for p in thread.admissible], "or"),
                ),
            )
        return
    if thread.verb_class == "decide" and not structure.has_rationale(thread):
        yield blocks(
            "type.rationale",
            path,
            said(
                "{competency} decides something, and nothing asks for the reasons.",
                competency=quoted(competency),
            ),
            said("Have the scenario answered in writing, or look at a walkthrough as well."),
        )
    if not thread.counting:
        yield blocks(
            "type.attendance_criterion",
            path,
            said(
                "The criteria of {competency} count presence, not what was done.",
                competency=quoted(competency),
            ),
            said("Say what a judge looks at in the work."),
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
            said(
                "{competency} also {doing}, which nothing here shows.",
                competency=quoted(competency),
                doing=also,
            ),
            said("Split it into two competencies, or leave the second verb out."),
        )


def _gap(standard: Standard, thread: Thread, path: str) -> Iterator[Fault]:
    if not standard.must_pass or standard.others_required > len(standard.others):
        return  # said by the checks of the rule itself
    pattern = passing_without(standard, thread.counting)
    if pattern is not None:
        yield blocks(
            "rule.gap",
            path,
            said(
                "The rule lets somebody pass who shows nothing of {competency}: it is enough to meet {criteria}.",
                competency=quoted(thread.competency),
                criteria=_names(pattern),
            ),
            said(
                "Make {criteria} must-pass, or ask for more of the other criteria.",
                criteria=_names(list(thread.counting)),
            ),
        )


# --- criteria and evidence


def _criterion(structure: Structure, criterion: Criterion, *, presence_only: bool) -> Iterator[Fault]:
    path = f"criteria.{criterion.id}"
    for field, untied, dangling, links, known in (
        (
            "competencies",
            said("This criterion is tied to no competency."),
            marked("This criterion names the competency {identity}, which does not exist."),
            criterion.competencies,
            structure.competencies,
        ),
        (
            "evidence",
            said("This criterion is tied to no piece of evidence."),
            marked("This criterion names the piece of evidence {identity}, which does not exist."),
            criterion.evidence,
            structure.evidence,
        ),
    ):
        where = f"{path}.{field}"
        if not links:
            yield blocks("criterion.unlinked", where, untied, said("Tie it to one."))
        for identity in links if known else ():  # that there is none at all is said elsewhere
            if identity not in known:
                message = said(dangling, identity=identity)
                yield blocks("link.dangling", where, message, said("Choose one that exists."))
    if presence_only:
        return
    threads = [structure.by_id[name] for name in criterion.competencies if name in structure.by_id]
    pieces = structure.pieces_of(criterion)
    seen = any(fits(thread.verb_class, piece.form) for thread in threads for piece in pieces)
    # A competency without any admissible piece has a fault of its own; this one is about the criterion alone.
    if threads and pieces and not seen and all(thread.admissible for thread in threads):
        looked = listed([rules.FORM_WORDS[piece.form] for piece in pieces])
        doing = listed(
            [
                said(
                    "{competency} ({doing})",
                    competency=quoted(thread.competency),
                    doing=rules.CLASS_WORDS[thread.verb_class],
                )
                for thread in threads
            ]
        )
        yield blocks(
            "type.criterion_evidence",
            path,
            said(
                "“{name}” judges {doing} from {pieces}, which does not show it.",
                name=criterion.name or criterion.id,
                doing=doing,
                pieces=looked,
            ),
            said("Tie it to the piece in which it is seen, or to the competency that this piece shows."),
        )


def _evidence(structure: Structure) -> Iterator[Fault]:
    standard = structure.standard
    used = {name for criterion in standard.criteria for name in criterion.evidence}
    tied = bool(standard.criteria) and all(criterion.evidence for criterion in standard.criteria)
    for piece in standard.evidence:
        path = f"evidence.{piece.id}"
        if tied and piece.id not in used and piece.form != "attendance":
            mend = said("Tie it to a criterion, or do not ask for it.")
            say = blocks if piece.required else advises
            yield say("evidence.unused", path, said("No criterion looks at this piece of evidence."), mend)
        if piece.form not in rules.NEVER and piece.form not in rules.ACTION_FORMS[piece.action]:
            yield advises(
                "type.action",
                path,
                said(
                    "What they do ({action}) and what it is ({form}) do not fit.",
                    action=rules.ACTION_WORDS[piece.action],
                    form=rules.FORM_WORDS[piece.form],
                ),
                said("Change one of them."),
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
            said("The claim {doing}; nothing that is judged shows it.", doing=rules.CLASS_WORDS[verb]),
            said(
                "Ask for {wanted}, write a competency for it, or claim what the work shows.",
                wanted=rules.WANTED[verb],
            ),
        )


def _lessons(standard: Standard) -> Iterator[Fault]:
    """A course and its standard, both ways; only where lessons are given (PO5)."""
    known = {part.id for part in standard.competencies}
    served = {name for lesson in standard.lessons for name in lesson.competencies}
    for lesson in standard.lessons:
        path = f"lessons.{lesson.id}"
        gone = [name for name in lesson.competencies if name not in known]
        if gone:
            message = said(
                "This lesson names the competency {identity}, which does not exist.", identity=gone[0]
            )
            yield advises("lesson.dangling", path, message, said("Choose one that exists."))
        elif not lesson.competencies:
            message = said("The lesson “{title}” serves no competency.", title=lesson.title or lesson.id)
            yield advises(
                "lesson.unmapped", path, message, said("Tie it to one, or ask whether the course needs it.")
            )
    for competency in standard.competencies if standard.lessons else ():
        if competency.id not in served and competency.statement:
            message = said("No lesson prepares for {competency}.", competency=quoted(competency))
            yield advises(
                "competency.no_lesson",
                f"competencies.{competency.id}",
                message,
                said("Plan a lesson for it."),
            )
