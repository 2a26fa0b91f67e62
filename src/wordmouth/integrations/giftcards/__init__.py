"""Gift cards that are worth nothing: an issuer for demonstrations and tests, which asks nobody."""
