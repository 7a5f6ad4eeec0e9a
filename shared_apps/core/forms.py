"""The form of the gallery: one field of each kind the product draws."""

from django import forms

IDENTITIES = {
    "named": ("Your name", "Priya Raman, Moor End Primary"),
    "role": ("Role and area", "Business manager, primary, Birmingham"),
    "anonymous": ("Anonymous", "A member of another network"),
}


class SampleForm(forms.Form):
    """Never saved; the gallery shows it empty, filled in and with errors."""

    title = forms.CharField(
        help_text="What would you say if you met someone in the car park?",
        error_messages={"required": "Give your question a title"},
    )
    body = forms.CharField(label="More about it", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    email = forms.EmailField(label="Email address", initial="priya.raman@moorend.example")
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text="At least 10 characters."
    )
    date = forms.DateField(
        label="Last day to give notice",
        help_text="For example, 31 1 2027",
        error_messages={"invalid": "Notice date must be a real date, like 31 7 2027"},
    )
    category = forms.ChoiceField(choices=[("", "Choose one"), ("buildings", "Buildings"), ("catering", "Catering")])
    identity = forms.ChoiceField(
        label="Shown as", widget=forms.RadioSelect, choices=[(key, words) for key, (words, _) in IDENTITIES.items()]
    )
    again = forms.ChoiceField(
        label="Would you use them again?", widget=forms.RadioSelect, choices=[("yes", "Yes"), ("no", "No")]
    )
    interests = forms.MultipleChoiceField(
        label="Ask me about",
        widget=forms.CheckboxSelectMultiple,
        choices=[("payroll", "Payroll"), ("lettings", "Lettings"), ("insurance", "Insurance")],
        required=False,
    )
    agree = forms.BooleanField(
        label="Tell me when somebody replies",
        help_text="One email a day at most.",
        required=False,
    )
    files = forms.FileField(
        label="Attach files", help_text="Up to 10 MB each. PDF, Word, Excel or a picture.", required=False
    )
