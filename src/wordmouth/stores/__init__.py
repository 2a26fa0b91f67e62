"""Tenants: stores, the staff who run them, their API keys, brand and shop connections.

Always true: everything else belongs to exactly one store; secrets are kept hashed (API keys)
or encrypted (what we must be able to use), and are shown once.
"""
