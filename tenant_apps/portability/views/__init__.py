"""Owners' page of archives, and the operator's page that brings one thing back from a copy."""
