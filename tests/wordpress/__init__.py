"""The plug-in for WooCommerce, run by real PHP in a stand-in of WordPress."""
