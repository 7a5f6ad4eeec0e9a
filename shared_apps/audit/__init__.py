"""Who did what, when and from where, written in the schema where it happened."""
