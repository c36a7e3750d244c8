from django import forms
from django.utils.translation import gettext_lazy as _


class CompromiseForm(forms.Form):
    reason = forms.CharField(
        label=_("What happened to the key"),
        help_text=_("Kept with the key for those who look into it later."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
