"""Brings a mailing list's archive into a category: splits it, finds the threads, plans, writes, and takes out again."""
