"""A person's way through the running demo, in a real browser."""
