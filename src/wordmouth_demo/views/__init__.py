"""The demo's pages and its one machine door (`coupon_door`)."""
