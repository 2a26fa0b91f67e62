"""Shift4Shop (3dcart), by its REST API v1 and its webhooks (`docs/shops/shift4shop.md`).

Its webhooks are not signed, tell three events, and nobody knows how often they are sent again: they
are known by a secret in the address, taken as hints, and its lists are read.
"""
