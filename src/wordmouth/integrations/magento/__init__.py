"""Magento Open Source, Adobe Commerce and Mage-OS, by their REST API (`docs/shops/magento.md`).

Magento tells nobody anything by itself: its lists are read by the time of the last change. A hint
that something changed may come beside, from a program of the merchant's; it is never more.
"""
