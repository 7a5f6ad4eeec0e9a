"""What suppliers tell the apps above, inside the writing transaction and after everything is written."""

from django.dispatch import Signal

supplier_removed = Signal()  # supplier_id: UUID; its row is gone
supplier_saved = Signal()  # supplier: Supplier; what it is called and says, or what is said of it by members
