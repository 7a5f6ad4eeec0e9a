"""Owners' archives on a network's host, and bringing one thing back from a copy on the platform's."""
