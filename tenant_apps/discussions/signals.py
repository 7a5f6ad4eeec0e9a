"""What discussions tell the apps above, inside the writing transaction and after everything is written."""

from django.dispatch import Signal

discussion_saved = Signal()  # discussion: Discussion; its words, its state, its replies, or who may see it
discussion_removed = Signal()  # discussion_id: UUID; its row is gone
discussions_tagged = Signal()  # discussion_ids: list[UUID]; tags they carry are spelled differently, or gone
reply_saved = Signal()  # reply: Reply; its words, or whether it is to be seen
