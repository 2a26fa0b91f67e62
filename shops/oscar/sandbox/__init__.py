"""A small but real oscar shop for trying out and testing wordmouth_oscar."""
