"""BigCommerce, by its own webhooks and its REST API (`docs/shops/bigcommerce.md`).

Its webhooks name what changed and nothing more, and `created` is sent for orders as well that
nobody finished or paid: the thing itself is always read by the API.
"""
