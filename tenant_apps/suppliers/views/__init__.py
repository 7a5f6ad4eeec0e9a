"""Pages of suppliers: the directory, what schools say, and private notes."""
