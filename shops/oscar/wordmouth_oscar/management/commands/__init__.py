"""Commands for the shop's ``manage.py``."""
