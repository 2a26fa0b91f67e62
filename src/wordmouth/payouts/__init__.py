"""Cash is paid out: collected to a threshold, reserved, approved, sent, settled or returned.

A *payee* is where an advocate is paid; a *batch* is what goes out together by one *rail* (a SEPA
file, a table for any bank, PayPal, Stripe); a *payout* is one advocate's part of a batch.

Always true: what a payout pays is taken out of the advocate's cash when the batch is made, and
comes back only when it is known not to have gone out; each payout has exactly the postings of its
state (`states.py`); its id is the key on every rail, so that nothing is paid twice, however late or
contradictory the answers are; where somebody is paid is kept sealed, beside a hint.
"""
