"""People of one network: their roles, postings, invitations, and the network's branding."""
