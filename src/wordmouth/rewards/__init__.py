"""What is owed to advocates and friends, and the postings that make it so.

Always true: what is owed is a pure function of the facts (`rules.py`); services compare it with
what was granted and post the difference, so running twice changes nothing and any order of news
ends the same. A reward moves only as `states.py` allows, each move with its posting.
"""
