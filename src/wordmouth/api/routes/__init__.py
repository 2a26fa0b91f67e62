"""The operations, each with its address: a door makes one domain call."""
