"""What own domains tell the apps of the networks, inside the writing transaction and in the network's schema."""

from django.dispatch import Signal

domain_changed = Signal()  # domain: OwnDomain, change: Change, by: Actor
