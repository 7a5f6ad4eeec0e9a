"""The copies of shared items, as the Collective shows them."""
