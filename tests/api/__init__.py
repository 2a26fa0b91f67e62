"""The REST API as its callers see it."""
