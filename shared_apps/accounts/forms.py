"""Forms of signing in, of choosing a password, and of one's own account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, ConfirmPasswordResetCodeForm, ReauthenticateForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest, HttpResponse

from shared_apps.accounts import selectors
from shared_apps.accounts.enums import Theme
from shared_apps.accounts.models import User

_GOOD_ONE = "At least 10 characters. Three words that do not belong together are good."


class EmailField(forms.EmailField):
    """An address as people type it, in the form in which addresses are stored."""

    widget = forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"})
    default_error_messages = {
        "required": "Type your email address.",
        "invalid": "Type an email address such as name@school.sch.uk.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Email address", max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the address in lower case."""
        return selectors.normal_email(super().clean(value))


class PasswordField(forms.CharField):
    """A password, which is never stripped and never shown again."""

    def __init__(self, label: str, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, strip=False, max_length=1024, widget=widget, **kwargs)


class SignInForm(forms.Form):
    """By address and password."""

    email = EmailField(help_text="Your school address, the one on the members list.")
    password = PasswordField(
        "Password",
        autocomplete="current-password",
        error_messages={"required": "Type your password, or ask for a code by email."},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.account: User | None = None

    def clean(self) -> dict[str, Any]:
        """Find the account; a wrong password, an unknown address and one without access here are one error."""
        values = super().clean() or {}
        if not self.errors:
            adapter = get_adapter(self.request)
            self.account = adapter.authenticate(self.request, email=values["email"], password=values["password"])
            if self.account is None:
                raise adapter.validation_error("email_password_mismatch")
        return values

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in and go on."""
        email = self.cleaned_data["email"]
        login = Login(user=self.account, email=email, redirect_url=redirect_url)
        return perform_password_login(request, {"email": email}, login)


class AskForCodeForm(forms.Form):
    """An address to send a code to; `account` is None where it has no access here, and nothing shows that."""

    email = EmailField(help_text="Your school address, the one on the members list.")
    limit = "request_login_code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account: User | None = None

    def clean_email(self) -> str:
        """Count the try, for known and unknown addresses alike, and find the account."""
        email = self.cleaned_data["email"]
        if not ratelimit.consume(context.request, action=self.limit, key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        account = selectors.account_of_email(email)
        if account and selectors.may_enter_site(account, selectors.site_of(context.request)):
            self.account = account
        return email


class AskForResetForm(AskForCodeForm):
    """An address to send a code to, with which a new password can be chosen."""

    limit = "reset_password"


class _CodeWords:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.max_length = "Code", 40
        code.help_text = "8 letters, such as BCDF-GHJK."
        code.error_messages["required"] = "Type the code from the email."
        code.widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


class SignInCodeForm(_CodeWords, ConfirmLoginCodeForm):
    """The emailed code, to sign in."""


class ResetCodeForm(_CodeWords, ConfirmPasswordResetCodeForm):
    """The emailed code, to choose a new password."""


class NewPasswordForm(forms.Form):
    """A new password, typed once: what is typed can be shown, and a code mends a mistake."""

    password = PasswordField(
        "New password",
        autocomplete="new-password",
        help_text=_GOOD_ONE,
        error_messages={"required": "Type a new password."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = user

    def clean_password(self) -> str:
        """Refuse a password that is short, common or like the address."""
        password_validation.validate_password(self.cleaned_data["password"], self.account)
        return self.cleaned_data["password"]

    def save(self) -> None:
        """Set it; allauth calls this at the end of a reset."""
        get_adapter().set_password(self.account, self.cleaned_data["password"])


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the present one where there is one."""

    present = PasswordField(
        "Password you use now",
        autocomplete="current-password",
        error_messages={"required": "Type the password you sign in with now."},
    )
    field_order = ("present", "password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not user.has_usable_password():
            del self.fields["present"]

    def clean_present(self) -> str:
        """Check it, so that an unlocked computer is not enough."""
        if not self.account.check_password(self.cleaned_data["present"]):
            raise get_adapter().validation_error("enter_current_password")
        return self.cleaned_data["present"]


class AccountForm(forms.Form):
    """The name of the person."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="Each network has its own name for you too, on your profile there.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name."},
    )


class ThemeForm(forms.Form):
    """Light or dark."""

    theme = forms.ChoiceField(label="Light or dark pages", choices=Theme.choices, widget=forms.RadioSelect)


class TokenForm(forms.Form):
    """A name for a new API token, and what it is for."""

    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        help_text="Such as “Finance system”. It helps you to know it again.",
        error_messages={"required": "Say what the token is for."},
    )
    place = forms.ChoiceField(label="Where it works")

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="token_%s", **kwargs)  # the page has another form with a name
        places = [(str(network.id), network.name) for network in account.networks]
        self.fields["place"].choices = places + ([("platform", "The operator console")] if account.is_operator else [])


# The second step -----------------------------------------------------------------------------------------------------

# What the library raises for a credential that no browser made.
_NO_CREDENTIAL = (ValueError, TypeError, LookupError, AttributeError, AssertionError, NotImplementedError)


class _AppCodeWords:
    help_text = "6 figures from your authenticator app."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]  # a form's
        code.label, code.max_length, code.help_text = "Code", 40, self.help_text
        code.error_messages["required"] = "Type the code."
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class _AnyCodeWords(_AppCodeWords):
    help_text = "6 figures from your authenticator app, or one of your recovery codes."


class SecondStepForm(_AnyCodeWords, second_step.AuthenticateForm):
    """A code of the app, or a recovery code, to sign in."""


class ConfirmCodeForm(_AnyCodeWords, second_step.ReauthenticateForm):
    """The same, to show again who it is."""


class AddAppForm(_AppCodeWords, ActivateTOTPForm):
    """The first code of a new app, which shows that it was set up rightly."""


class ConfirmPasswordForm(ReauthenticateForm):
    """The password, to show again who it is."""

    password = PasswordField("Password", autocomplete="current-password")


class _Credential:
    """Takes what a browser hands over; anything else is as wrong as a passkey that is not known."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # a form's
        except forms.ValidationError:
            raise
        except _NO_CREDENTIAL as error:
            raise get_adapter().validation_error("passkey_wrong") from error


class PasskeySignInForm(_Credential, passkeys.LoginWebAuthnForm):
    """A passkey alone."""


class PasskeySecondStepForm(_Credential, passkeys.AuthenticateWebAuthnForm):
    """A passkey after a password or an emailed code."""


class ConfirmPasskeyForm(_Credential, passkeys.ReauthenticateWebAuthnForm):
    """A passkey, to show again who it is."""


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    """A new passkey and its name."""

    name = forms.CharField(
        label="Name of the passkey",
        max_length=80,
        required=False,
        help_text="Such as “Office computer” or “My phone”. It helps you to know it again.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)  # every passkey here can sign in alone

    def clean(self) -> dict[str, Any]:
        """Refuse what no browser made."""
        try:
            return super().clean()
        except forms.ValidationError:
            raise
        except _NO_CREDENTIAL as error:
            raise get_adapter().validation_error("passkey_wrong") from error
