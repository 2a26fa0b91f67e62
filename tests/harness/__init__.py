"""What the tests of every room share: databases, browser, template guard, selection of tests.

Nothing of the product imports this.
"""
