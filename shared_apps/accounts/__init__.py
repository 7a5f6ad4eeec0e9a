"""Accounts: who a person is on the whole platform, which networks they may enter, and how they sign in."""
