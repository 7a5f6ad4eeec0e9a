"""What moderation tells the rest of the product; sent inside the writing transaction."""

from django.dispatch import Signal

case_decided = Signal()  # case: Case, act: Act; also when an act is taken back
reported = Signal()  # report: Report, by: Member
