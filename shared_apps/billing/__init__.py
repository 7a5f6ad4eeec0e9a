"""Plans, what networks owe and have paid, and what follows from it; Stripe, where its keys are set."""
