"""Puts the packages together: settings, URLs, the embedded database, commands that must see every package."""
