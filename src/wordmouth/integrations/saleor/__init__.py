"""Saleor, by its GraphQL API and webhooks whose content we choose (`docs/shops/saleor.md`).

Its webhooks are signed with a key that it shows to everybody, and one that was refused is never
sent again. So its API is read as well.
"""
