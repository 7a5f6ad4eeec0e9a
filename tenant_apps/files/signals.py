"""What files tell the apps above, inside the writing transaction."""

from django.dispatch import Signal

file_attached = Signal()  # file: StoredFile
file_removed = Signal()  # file: StoredFile, whose row is gone
