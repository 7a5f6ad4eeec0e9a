"""What a network chooses to share with the Collective, and the record of it."""
