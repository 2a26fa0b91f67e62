"""Deliveries from shops: stored as they came, before they are answered.

Always true: what was answered with 2xx is stored and survives a power cut; a delivery told
twice is one row; a delivery leaves the state `received` only in the transaction that settles it.
"""
