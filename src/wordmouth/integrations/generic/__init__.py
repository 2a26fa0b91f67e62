"""The generic format: what our own plug-ins and any other shop speak (`docs/generic-format.md`).

Deliveries come signed by Standard Webhooks and carry whole snapshots; coupons are asked for at
one address of the shop, signed the same way.
"""
