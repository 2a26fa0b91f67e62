"""The floor plan is a contract: every rule of it is checked here, on every run of the tests.

Each rule is a small checker that returns complaints, a test that the product has none, and a
test in which a planted offender is caught.
"""
