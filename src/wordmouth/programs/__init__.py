"""The programme: what a store promises to advocates and friends, and on which terms.

Words: a *programme* holds one or more *offers*; an offer is one variant of *friend reward* and
*advocate rewards*; *terms* are everything a referral is judged by (eligibility, hold, offers,
limits, fraud); a *version* is one state of the terms, counted from 1.

Always true:
* a version that was ever live is frozen: its terms never change again; new terms make a new
  version, and a referral is judged by the version its friend saw;
* a stored document is valid: it was read by `parse`, which refuses with all problems at once;
* `states.ALLOWED` is the only way in which the status of a programme moves.

`document`, `parse`, `difference`, `sentences`, `rules` and `states` are pure: no Django.
"""
