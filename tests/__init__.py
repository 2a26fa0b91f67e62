"""Tests of the whole product, and the harness that all tests share."""
