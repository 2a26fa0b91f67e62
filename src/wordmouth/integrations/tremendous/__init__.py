"""Tremendous: gift cards, prepaid cards and donations that the receiver chooses from.

The protocol is that of Tremendous' API, version 2 (the pages "Create order", "Retrieve order",
"Obtaining links", "Setting reward copy without campaigns", "Cancel reward", "Reject order" and the
schemas of orders and rewards). What it rests on:

* An order carries our key as `external_id`. A second order with it is answered with the first
  (status 201 instead of 200), whatever the second one asked for; it can be retrieved by it.
* An order that failed, for want of funds for instance, stays failed under its `external_id` for
  ever; it is ordered again under the next one (`key`, `key.2`, ...).
* A link is told once, when the order is made. Later only a new one can be generated.
* A card that was redeemed, or delivered without trouble, is not taken back: status 422.
"""
