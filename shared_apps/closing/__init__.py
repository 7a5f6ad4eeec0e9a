"""How a network leaves: notice, a time to read and take along, deletion, and a certificate of it."""
