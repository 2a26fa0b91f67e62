"""Stripe: cash to people who have a connected account.

The protocol is that of Stripe's API, version 1 (the pages "Create a transfer", "List all
transfers", "Idempotent requests", "Advanced error handling", "Currencies" and "Rate limits"). What
it rests on:

* Each transfer is a request of its own. Its `Idempotency-Key` is our payout's id: for at least 24
  hours Stripe answers a second request with what it answered to the first, refusals and failures
  (status 500) included, and does nothing.
* A failure with status 500 says nothing: the transfer may have been made.
* Transfers can be listed by their `transfer_group`, which is our batch, without an end in time; our
  payout's id stands in their metadata. So the list is asked before anything is sent.
* A transfer is in the receiver's Stripe balance at once; it comes back as a reversal.
"""
