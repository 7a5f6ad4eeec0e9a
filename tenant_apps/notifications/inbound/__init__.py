"""Email that members send to their network: whose it is, what it answers, and what becomes of it."""
