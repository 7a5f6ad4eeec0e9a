"""The owners' pages about the address of their network; what they decide is kept by `shared_apps.domains`."""
