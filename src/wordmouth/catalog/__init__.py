"""Products as the shop tells them. Always true: the newest snapshot of a product wins."""
