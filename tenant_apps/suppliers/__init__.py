"""Suppliers of a network, recommendations and private service notes."""
