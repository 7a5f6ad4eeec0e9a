"""The platform: what every network shares; its tables are in the public schema."""
