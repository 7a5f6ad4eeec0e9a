"""What files tell the apps above, inside the writing transaction and after everything is written."""

from django.dispatch import Signal

files_changed = Signal()  # kind: str, object_id: UUID; which files the thing has
