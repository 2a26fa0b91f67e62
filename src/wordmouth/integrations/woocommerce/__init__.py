"""WooCommerce, by its own webhooks and its REST API wc/v3 (`docs/shops/woocommerce.md`).

Its webhooks say "order N changed": they are built when they are sent, joined, out of order, never
sent again, and switched off after a few failures. So its API is read as well.
"""
