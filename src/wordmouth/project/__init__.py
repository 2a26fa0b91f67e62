"""The wiring: settings, addresses, reactions and adapters. The only room that names both sides."""
