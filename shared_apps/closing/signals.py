"""What closing tells the apps of the networks, inside the writing transaction and in the network's schema."""

from django.dispatch import Signal

closing_begun = Signal()  # closing: Closing, words: str for the members
closing_moved = Signal()  # closing: Closing, event: Event that people are told of
