"""What members tell others, inside the writing transaction."""

from django.dispatch import Signal

member_changed = Signal()  # member: Member; what others see of them is another: name, job, school, that they came or left
