"""The product: what each network has in its own schema."""
