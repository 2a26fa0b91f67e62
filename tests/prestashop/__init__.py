"""The module for thirty bees and PrestaShop, run by real PHP in a stand-in of the shop."""
