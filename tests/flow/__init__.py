"""One referral through the whole house, by the product's own verbs."""
