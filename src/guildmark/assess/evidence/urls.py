"""Addresses of the learner's work and of judging it."""

from django.urls import path

from guildmark.assess.evidence.pages import assessing, crossing, joining, learners, readiness, work

urlpatterns = [
    path("enrol/<str:token>", joining.enrol, name="enrol"),
    path("s/<slug:slug>/v/<str:number>/rate", readiness.rate, name="rate_samples"),
    path("learn/", joining.programmes, name="learn"),
    path("learn/<uuid:enrolment_id>/", work.programme, name="programme"),
    path("learn/<uuid:enrolment_id>/bar", joining.bar, name="bar"),
    path("learn/<uuid:enrolment_id>/bridge", crossing.bridge, name="bridge"),
    path("learn/<uuid:enrolment_id>/submission/", work.workspace, name="work"),
    path("learn/<uuid:enrolment_id>/submission/begin", work.begin, name="work_begin"),
    path("learn/<uuid:enrolment_id>/submission/hand-in", work.hand_in, name="work_hand_in"),
    path(
        "learn/<uuid:enrolment_id>/submission/<str:requirement_id>/add/<str:kind>", work.add, name="work_add"
    ),
    path(
        "learn/<uuid:enrolment_id>/submission/<str:requirement_id>/uploads",
        work.upload_begin,
        name="upload_begin",
    ),
    path("learn/<uuid:enrolment_id>/uploads/<uuid:upload_id>", work.upload_piece, name="upload_piece"),
    path("learn/<uuid:enrolment_id>/evidence/<uuid:item_id>", work.evidence, name="work_evidence"),
    path("learn/<uuid:enrolment_id>/evidence/<uuid:item_id>/remove", work.remove, name="work_remove"),
    path("studio/<slug:org_slug>/learners/", learners.overview, name="learners"),
    path("studio/<slug:org_slug>/learners/links", learners.make_link, name="learners_link"),
    path(
        "studio/<slug:org_slug>/learners/links/<uuid:link_id>/close",
        learners.close_link,
        name="learners_close",
    ),
    path("studio/<slug:org_slug>/learners/list", learners.bring_list, name="learners_import"),
    path(
        "studio/<slug:org_slug>/learners/bridges/<uuid:achievement_id>/open",
        crossing.open_bridge,
        name="bridge_open",
    ),
    path(
        "studio/<slug:org_slug>/learners/bridges/<uuid:achievement_id>/close",
        crossing.close_bridge,
        name="bridge_close",
    ),
    path("studio/<slug:org_slug>/assessing/", assessing.queue, name="assessing"),
    path("studio/<slug:org_slug>/assessing/<uuid:submission_id>/", assessing.submission, name="judge"),
    path("studio/<slug:org_slug>/assessing/<uuid:submission_id>/take", assessing.take, name="judge_take"),
    path("studio/<slug:org_slug>/assessing/<uuid:submission_id>/rate", assessing.rate, name="judge_rate"),
    path(
        "studio/<slug:org_slug>/assessing/<uuid:submission_id>/return",
        assessing.give_back,
        name="judge_return",
    ),
    path(
        "studio/<slug:org_slug>/assessing/<uuid:submission_id>/decide", assessing.decide, name="judge_decide"
    ),
    path(
        "studio/<slug:org_slug>/assessing/<uuid:submission_id>/evidence/<uuid:item_id>",
        assessing.evidence,
        name="judge_evidence",
    ),
]
