"""Bounces and complaints of Amazon SES, without its SDK.

anymail asks boto3 for one thing here, to confirm the subscription of an SNS topic; with botocore that is more than all
our other dependencies together. Opening the address that SNS sends does the same.
"""

import re
from typing import Any
from urllib.request import urlopen

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView

_SNS = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com/\?[!-~]+")
_SECONDS = 10


class AmazonSESTracking(AmazonSESTrackingWebhookView):
    """What SNS posts of SES, believed by the password in the address that SNS was given."""

    def __init__(self, **kwargs: Any) -> None:
        AnymailBaseWebhookView.__init__(self, **kwargs)  # the one between asks for boto3

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """Confirm a subscription whose request knew the password, at Amazon and nowhere else."""
        url = str(sns_message.get("SubscribeURL", ""))
        if not self.basic_auth or not _SNS.fullmatch(url):
            raise AnymailWebhookValidationFailure("This is not an address of SNS.")
        urlopen(url, timeout=_SECONDS).close()  # noqa: S310 - https to Amazon alone, by the pattern above
