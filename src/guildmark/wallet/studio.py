"""The working side: was a credential claimed, what was mailed about it, mending a wrong address."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guildmark.issue import queries as issue
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.notify import queries as notify
from guildmark.wallet import actions, queries
from guildmark.wallet.forms import AddressForm


@require_http_methods(["GET", "POST"])
@studio_page("registrar")
def credential_claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    view = issue.org_credential(org.id, public_id)
    form = AddressForm(request.POST if request.POST.get("do") == "address" else None)
    if request.POST.get("do") == "resend":
        actions.resend(by=actor, org_id=org.id, public_id=public_id)
        messages.success(request, _("A new link to %(to)s is on its way.") % {"to": view.holder_email})
        return see_other("credential_claim", org.slug, public_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_address(
                by=actor, org_id=org.id, public_id=public_id, email=form.cleaned_data["email"]
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            words = _("A corrected credential is being signed; its link goes to the new address.")
            messages.success(request, words)
            return see_other("credentials", org.slug)
    context = {
        "credential": view,
        "form": form,
        "links": queries.links(org.id, public_id),
        "mails": notify.mails_about(org.id, "credential", public_id),
    }
    return render(request, "wallet/credential_claim.html", context, status=422 if form.errors else 200)
