"""Rewards that the merchant's own program carries out: one address, signed requests, an answer
that says how it stands (`docs/custom-rewards.md`).
"""
