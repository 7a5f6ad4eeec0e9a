"""What accounts tell the apps above, inside the writing transaction."""

from django.dispatch import Signal

signed_out_everywhere = Signal()  # account: User; every session of theirs has ended
