"""The page that shows what was sent, what failed and why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.notify import actions, queries
from guildmark.notify.forms import ResendForm

PER_PAGE = 50
STATES = ("failed", "queued", "sent")


@require_GET
@studio_page("registrar")
def mail_list(request: HttpRequest) -> HttpResponse:
    org_id = request.org.id  # type: ignore[attr-defined]
    wanted = request.GET.get("state", "")
    state = wanted if wanted in STATES else ""
    rows = queries.MailRows(org_id, state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "state": state, "failed": queries.failed_count(org_id)}
    return render(request, "notify/mail_list.html", shown)


@require_http_methods(["GET", "POST"])
@studio_page("registrar")
def mail_resend(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One message: what became of it, and sending it again."""
    org = request.org  # type: ignore[attr-defined]
    mail = queries.mail(org.id, mail_id)
    form = ResendForm(request.POST or None, initial={"to": mail.to})
    if request.method == "POST" and form.is_valid():
        try:
            sent = actions.resend(
                by=request.actor,  # type: ignore[attr-defined]
                org_id=org.id,
                mail_id=mail_id,
                to=form.cleaned_data["to"],
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("The message to %(to)s is on its way again.") % {"to": sent.to})
            return see_other("mail", org.slug)
    return render(
        request, "notify/mail_resend.html", {"mail": mail, "form": form}, status=422 if form.errors else 200
    )
