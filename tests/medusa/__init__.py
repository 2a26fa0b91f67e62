"""The engine and a real Medusa shop, each a program of its own, met only over HTTP."""
