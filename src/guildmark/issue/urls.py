from django.urls import path

from guildmark.issue import batch_pages, pages, public, public_ob2

STUDIO = "studio/<slug:org_slug>/credentials"

urlpatterns = [
    path(STUDIO, pages.credential_list, name="credentials"),
    path(f"{STUDIO}/waiting", pages.awards_waiting, name="awards_waiting"),
    path(f"{STUDIO}/waiting/<uuid:award_id>/retry", pages.award_retry, name="award_retry"),
    path(f"{STUDIO}/waiting/<uuid:award_id>/decline", pages.award_decline, name="award_decline"),
    path(f"{STUDIO}/completion-records", batch_pages.completion_records, name="completion_records"),
    path(f"{STUDIO}/batches", batch_pages.batch_list, name="batches"),
    path(f"{STUDIO}/batches/waiting", batch_pages.batch_of_awards, name="batch_of_awards"),
    path(f"{STUDIO}/batches/<uuid:batch_id>", batch_pages.batch, name="batch"),
    path(f"{STUDIO}/batches/<uuid:batch_id>/progress", batch_pages.batch_progress, name="batch_progress"),
    *[
        path(
            f"{STUDIO}/batches/<uuid:batch_id>/{change}",
            batch_pages.batch_change,
            {"change": change},
            name=f"batch_{change}",
        )
        for change in batch_pages.CHANGES
    ],
    path(f"{STUDIO}/<uuid:public_id>", pages.credential_detail, name="credential_detail"),
    *[
        path(
            f"{STUDIO}/<uuid:public_id>/{change}",
            pages.credential_change,
            {"change": change},
            name=f"credential_{change}",
        )
        for change in pages.CHANGES
    ],
    path(f"{STUDIO}/<uuid:public_id>/correct", pages.credential_correct, name="credential_correct"),
    *[
        path(f"c/<uuid:public_id>.{kind}", public.credential_file, {"kind": kind}, name=f"credential_{kind}")
        for kind in ("json", "jwt", "png", "svg", "pdf")
    ],
    path("c/<uuid:public_id>/evidence/<uuid:item_id>", public.evidence_file, name="credential_evidence"),
    path("c/<uuid:public_id>/supersession", public.supersession, name="credential_supersession"),
    path("status/<uuid:public_id>", public.status_list, name="status_list"),
    path("s/<slug:slug>/v/<str:number>/core.json", public.standard_core, name="standard_core"),
    path("c/<uuid:public_id>/ob2", public_ob2.assertion, name="ob2_assertion"),
    path("c/<uuid:public_id>/ob2.png", public_ob2.baked, name="ob2_baked"),
    path("s/<slug:slug>/v/<str:number>/ob2", public_ob2.badge_class, name="ob2_badge_class"),
    *[
        path(
            f"s/<slug:slug>/v/<str:number>/badge.{kind}",
            public_ob2.badge_picture,
            {"kind": kind},
            name=f"badge_picture_{kind}",
        )
        for kind in ("png", "svg")
    ],
    path("o/<slug:slug>/ob2", public_ob2.issuer, name="ob2_issuer"),
]
