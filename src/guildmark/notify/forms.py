from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ResendForm(forms.Form):
    """Where to send a message again; an empty address means the old one."""

    to = forms.CharField(label=_("Send to"), max_length=300, required=False)
