"""`manage.py reactivate_network SUBDOMAIN`: let a suspended network answer again."""

from shared_apps.operator import services
from shared_apps.operator.management.commands import NetworkCommand


class Command(NetworkCommand):
    """Acts on one network, named by its subdomain."""

    help = "Let a suspended network answer again."
    act = staticmethod(services.reactivate_network)
    done = "{name} is live again."
