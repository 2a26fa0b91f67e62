"""The engine and a real Vendure shop, each a program of its own, met only over HTTP."""
