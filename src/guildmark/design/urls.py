from django.urls import path

from guildmark.design import (
    alignment_pages,
    doors,
    explainer_pages,
    filing_pages,
    lowering_pages,
    meter,
    pages,
    splitting_pages,
    structure_pages,
    tool_pages,
    translating_pages,
)
from guildmark.design.advisor import library_pages as library
from guildmark.design.advisor import pages as advisor
from guildmark.design.stacks.urls import urlpatterns as stacks

ROOT = "studio/<slug:org_slug>/standards"
TOOLS = "studio/<slug:org_slug>/upkeep/tools"

urlpatterns = [
    path(ROOT, pages.standard_list, name="standards"),
    path(f"{ROOT}/new", pages.standard_new, name="standard_new"),
    path(f"{ROOT}/import", filing_pages.standard_import, name="standard_import"),
    path(f"{ROOT}/<slug:slug>/languages", translating_pages.translation_list, name="translations"),
    path(f"{ROOT}/<slug:slug>/languages/<str:language>", translating_pages.translation, name="translation"),
    path(f"{ROOT}/<slug:slug>/alignment", alignment_pages.alignment, name="alignment"),
    path(f"{ROOT}/<slug:slug>/file/<str:number>", filing_pages.standard_file, name="standard_file"),
    path(f"{ROOT}/advise", advisor.advise, name="advise"),
    path(f"{ROOT}/advise/verdict", advisor.advise_verdict, name="advise_verdict"),
    path(f"{ROOT}/advise/course", advisor.advise_course, name="advise_course"),
    path(f"{ROOT}/advise/notes", library.note_list, name="evidence_notes"),
    path(f"{ROOT}/advise/notes/<uuid:note_id>/retire", library.note_retire, name="evidence_note_retire"),
    path(f"{ROOT}/advise/<uuid:advice_id>", advisor.advice, name="advice"),
    path(f"{ROOT}/advise/<uuid:advice_id>/plan.<slug:kind>", advisor.advice_plan, name="advice_plan"),
    path(f"{ROOT}/advise/<uuid:advice_id>/tick", advisor.advice_tick, name="advice_tick"),
    path(f"{ROOT}/advise/<uuid:advice_id>/start", advisor.advice_start, name="advice_start"),
    path(f"{ROOT}/<slug:slug>", pages.standard_history, name="standard_history"),
    path(f"{ROOT}/<slug:slug>/edit/<slug:step>", pages.standard_edit, name="standard_edit"),
    path(f"{ROOT}/<slug:slug>/autosave/<slug:step>", pages.autosave, name="autosave"),
    path(f"{ROOT}/<slug:slug>/explainer", explainer_pages.standard_explainer, name="standard_explainer"),
    path(f"{ROOT}/<slug:slug>/explainer/words", explainer_pages.explainer_words, name="explainer_words"),
    path(f"{ROOT}/<slug:slug>/explainer/remove", explainer_pages.explainer_remove, name="explainer_remove"),
    path(f"{ROOT}/<slug:slug>/explainer/video", explainer_pages.explainer_video, name="explainer_video"),
    path(
        f"{ROOT}/<slug:slug>/explainer/captions.vtt",
        explainer_pages.explainer_captions,
        name="explainer_captions",
    ),
    path(f"{ROOT}/<slug:slug>/structure", structure_pages.standard_structure, name="standard_structure"),
    path(
        f"{ROOT}/<slug:slug>/split/<slug:kind>/<slug:row>",
        splitting_pages.standard_split,
        name="standard_split",
    ),
    path(
        f"{ROOT}/<slug:slug>/merge/<slug:kind>/<slug:row>",
        splitting_pages.standard_merge,
        name="standard_merge",
    ),
    path(f"{ROOT}/<slug:slug>/divide", splitting_pages.standard_divide, name="standard_divide"),
    path(f"{ROOT}/<slug:slug>/undo", splitting_pages.standard_undo, name="standard_undo"),
    path(f"{ROOT}/<slug:slug>/publish", pages.standard_publish, name="standard_publish"),
    path(f"{ROOT}/<slug:slug>/lower", lowering_pages.ask, name="class_ask"),
    path("studio/<slug:org_slug>/class-requests", lowering_pages.request_list, name="class_requests"),
    path(
        "studio/<slug:org_slug>/class-requests/<uuid:request_id>", lowering_pages.answer, name="class_request"
    ),
    path(f"{ROOT}/<slug:slug>/diff/<str:old>/<str:new>", pages.standard_diff, name="standard_diff"),
    path(f"{ROOT}/<slug:slug>/start", pages.standard_start, name="standard_start"),
    path(f"{ROOT}/<slug:slug>/duplicate", pages.standard_duplicate, name="standard_duplicate"),
    path(f"{ROOT}/<slug:slug>/act/<slug:door>", doors.standard_door, name="standard_door"),
    path(f"{ROOT}/<slug:slug>/impostor", meter.standard_impostor, name="standard_impostor"),
    path(TOOLS, tool_pages.tool_list, name="tools"),
    path(f"{TOOLS}/new", tool_pages.tool_new, name="tool_new"),
    path(f"{TOOLS}/<uuid:release_id>", tool_pages.tool_release, name="tool_release"),
    path(f"{TOOLS}/<uuid:release_id>/withdraw", tool_pages.tool_withdraw, name="tool_withdraw"),
    path(f"{TOOLS}/<uuid:release_id>/answer/<slug:slug>", tool_pages.tool_answer, name="tool_answer"),
    path("studio/<slug:org_slug>/rules", meter.standard_rules, name="standard_rules"),
    *stacks,
]
