"""What support access tells the apps of the networks, inside the writing transaction and in the network's schema."""

from django.dispatch import Signal

grant_changed = Signal()  # grant: SupportGrant; it was asked for, allowed, refused, or is over
