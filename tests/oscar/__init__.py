"""The engine and a real django-oscar shop, each a program of its own, met only over HTTP."""
