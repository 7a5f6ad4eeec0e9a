"""What suppliers tell the apps above, inside the writing transaction and after everything is written."""

from django.dispatch import Signal

supplier_saved = Signal()  # supplier: Supplier; what it is called and says, or what is said of it by members
