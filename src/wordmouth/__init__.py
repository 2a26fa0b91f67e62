"""Wordmouth: the self-hosted referral engine for online stores."""

__version__ = "0.1.0"
