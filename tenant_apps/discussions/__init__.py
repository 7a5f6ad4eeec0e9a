"""Questions and discussions of a network, their replies and answers."""
