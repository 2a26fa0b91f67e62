"""The desk: what the merchant sees and decides.

A door for people who are signed in. Always true: every page asks whether the user is a member of
the store in its address; every change is a POST with a token against forgery; a page makes one
domain call and hands frozen structs to a template.
"""
