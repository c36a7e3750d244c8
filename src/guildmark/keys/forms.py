from django import forms


class CompromiseForm(forms.Form):
    reason = forms.CharField(
        label="What happened to the key",
        help_text="Kept with the key for those who look into it later.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
