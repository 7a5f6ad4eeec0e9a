"""Pages of accounts: signing in, moving between hosts, one's own account."""
