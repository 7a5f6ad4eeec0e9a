"""What a person wrote in a message, apart from what their mail program quoted and signed.

Works on lines, in linear time; nothing is lost, for what is not shown is hidden. `trim` takes plain text,
`trim_message` also listens to what the mail program says in its HTML.
"""

from shared_apps.mail.trimming.engine import Trimmed, trim
from shared_apps.mail.trimming.messages import trim_message

__all__ = ["Trimmed", "trim", "trim_message"]
