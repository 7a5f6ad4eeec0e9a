"""Domains of networks' own: claimed by an owner, proved by a DNS record, looked at every day."""
