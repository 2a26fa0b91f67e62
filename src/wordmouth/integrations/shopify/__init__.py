"""Shopify, by its webhooks and its GraphQL Admin API (`docs/shops/shopify.md`).

Its webhooks carry the whole order and an id that can be trusted, but are dropped for good after
eight failures. So its API is read as well.
"""
