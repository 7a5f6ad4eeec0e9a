"""What networks tell the rest of the product, inside the writing transaction."""

from django.dispatch import Signal

writable_again = Signal()  # network: Network; it was read-only
network_changed = Signal()  # network: Network; its state, name or colour is another
