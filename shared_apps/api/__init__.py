"""The base of the API: tokens, errors, pages of lists, limits and its own description."""
