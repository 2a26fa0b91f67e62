"""PayPal Payouts: cash to anybody with an e-mail address.

The protocol is that of PayPal's Payouts API, version 1 (its OpenAPI description 1.9 and the pages
"Create batch payout", "Show payout batch details" and "Track payout item status"), with OAuth 2.0
client credentials (RFC 6749 section 4.4). What it rests on:

* The name of a batch (`sender_batch_id`) is what keeps money from leaving twice: for 30 days a
  second request with it is refused, with a link to the batch that is there. Neither the header
  `PayPal-Request-Id` nor `sender_item_id` does that, whatever older pages say.
* A batch can be asked for only by PayPal's own id, which the answer or that refusal tells.
* One malformed item makes PayPal refuse the whole request, naming the items.
* A batch is answered before it is carried out; how its items ended is asked for later. An item
  that nobody claims comes back after 30 days.
"""
