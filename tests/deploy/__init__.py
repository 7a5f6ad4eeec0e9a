"""What deploy/ holds: linted, and run as a server runs it."""
