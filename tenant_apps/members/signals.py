"""What members tell others, inside the writing transaction."""

from django.dispatch import Signal

member_changed = Signal()  # member: Member; their name, job or school changed, or they came or left
