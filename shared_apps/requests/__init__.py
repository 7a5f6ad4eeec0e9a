"""Requests to start a network: anybody may ask, shows by a link that the address is theirs, and operators decide."""
