"""`manage.py close_network SUBDOMAIN`: end a suspended network; its data stays until exported and deleted."""

from shared_apps.operator import services
from shared_apps.operator.management.commands import NetworkCommand


class Command(NetworkCommand):
    """Acts on one network, named by its subdomain."""

    help = "End a suspended network; its data stays until exported and deleted."
    act = staticmethod(services.close_network)
    done = "{name} is closed."
