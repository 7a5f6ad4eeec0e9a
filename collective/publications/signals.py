"""What the publications app tells the rest of the product; every signal is sent inside the writing transaction."""

from django.dispatch import Signal

publication_saved = Signal()  # publication: Publication, as it is now
publication_withdrawn = Signal()  # publication_id: UUID
publication_replied = Signal()  # publication: Publication, reply: PublicationReply
reply_withdrawn = Signal()  # publication: Publication, reply_id: UUID; it is no longer, or again, to be seen
origin_changed = Signal()  # origin: Origin; its networks' visibility, name or blocks changed
replies_returned = Signal()  # returned: list[ReturnedReply]; they went home with a withdrawn publication
returned_reply_withdrawn = Signal()  # returned: ReturnedReply; its author takes back the text that went home
publication_reported = Signal()  # report: PublicationReport, new or said better
report_decided = Signal()  # report: PublicationReport, network_id: UUID; the moderators of that network decided
