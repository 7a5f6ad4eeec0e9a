"""The From header is one address, whatever somebody is called."""

from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives

from shared_apps.mail.services.sending import from_header


@pytest.mark.parametrize("name", ["Ada", "a@b.example, x" * 20, "A" * 90, 'é,@ "<c@d.example>' * 9, "", "\\"])
def test_from_header_is_one_address_also_when_the_line_is_folded(settings, name):
    email = EmailMultiAlternatives(subject="x", body="x", from_email=from_header(name), to=["a@b.example"])

    header = message_from_bytes(email.message().as_bytes(), policy=policy.default)["From"]

    assert [each.addr_spec for each in header.addresses] == [settings.EMAIL_FROM_ADDRESS]
