"""What networks tell the rest of the product, inside the writing transaction."""

from django.dispatch import Signal

network_changed = Signal()  # network: Network; its state, name or colour is another
