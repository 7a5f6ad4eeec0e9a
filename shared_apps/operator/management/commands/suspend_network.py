"""`manage.py suspend_network SUBDOMAIN`: stop a network from answering; its data stays."""

from shared_apps.operator import services
from shared_apps.operator.management.commands import NetworkCommand


class Command(NetworkCommand):
    """Acts on one network, named by its subdomain."""

    help = "Stop a network from answering; its data stays."
    act = staticmethod(services.suspend_network)
    done = "{name} is suspended."
