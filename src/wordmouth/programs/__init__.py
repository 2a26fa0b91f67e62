"""The programme: what a store promises to advocates and friends, and on which terms.

Words: a *programme* holds one or more *offers*; an offer is one variant of *friend reward* and
*advocate rewards*, each paid on a *schedule*; *terms* are everything a referral is judged by
(eligibility, hold, offers, limits, fraud, clawback, wallet, payouts); a *version* is one state of
the terms, counted from 1; *intake* says whether a live programme takes new friends: open, full
while its budget is used up, stopped by hand.

Always true:
* a version that was ever live is frozen: its terms never change again; new terms make a new
  version, and a referral is judged by the version its friend saw;
* a stored document is valid: it was read by `parse`, which refuses with all problems at once;
* what a programme begins to promise its store can keep: `fitting` was asked when it was saved;
* `states.ALLOWED` is the only way in which the status of a programme moves;
* the past is known: every change of what a programme is in effect stands in its history.

Pure, without Django: `document`, `parse` with `shape` and `lines`, the rules (`rules`,
`reward_rules`, `tier_rules`, `limit_rules`, `fitting`, `notes`), the words (`phrases`, `holds`,
`sentences`), `presets`, `difference` and `states`.
"""
