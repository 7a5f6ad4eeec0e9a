"""How much somebody wants to hear of a thing, what they can hear of, and how they are told."""

from django.db.models import TextChoices

NETWORK, CATEGORY, DISCUSSION = "network", "category", "discussion"  # what can be followed; the value is Follow.kind


class Level(TextChoices):
    """How much a member wants to hear of a discussion, of a category, or of everything."""

    EVERYTHING = "everything", "Everything"
    MENTIONS = "mentions", "Mentions and mine"
    DIGEST = "digest", "Digest"
    MUTE = "mute", "Mute"


LEVEL_HINTS = {
    Level.EVERYTHING: "Tell me of everything that is said.",
    Level.MENTIONS: "Tell me when somebody names me, or replies to what I asked.",
    Level.DIGEST: "Gather it in my digest and do not tell me otherwise.",
    Level.MUTE: "Tell me nothing.",
}


NETWORK_LEVEL_HINTS = {
    **LEVEL_HINTS,
    Level.DIGEST: "Gather new questions and discussions in my digest, and tell me of what I follow.",
}


class Kind(TextChoices):
    """What members are told of."""

    NEW_DISCUSSION = "new_discussion", "A new question or discussion"
    REPLY = "reply", "A reply in a discussion you follow"
    ANSWER = "answer", "Your reply is marked as an answer"
    MENTION = "mention", "Somebody names you"
    SHARING = "sharing", "What you share with the Collective"
    MODERATION = "moderation", "Moderation: what you wrote, reported or look after"


class Channel(TextChoices):
    """How a member is told; email and digest come besides the inbox."""

    INBOX = "inbox", "Inbox only"
    EMAIL = "email", "Email at once"
    DIGEST = "digest", "In the digest"
    NONE = "none", "Not at all"


DEFAULT_LEVEL = Level.DIGEST
DEFAULT_CHANNEL = Channel.EMAIL
