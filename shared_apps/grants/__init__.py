"""Grants of support access: an operator asks to look into a network for a while, and the network's owners decide."""
