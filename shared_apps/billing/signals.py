"""What billing tells the apps of the networks, inside the writing transaction."""

from django.dispatch import Signal

notice_made = Signal()  # notice: Notice; the network's owners are to be told
