"""The only room of personal data: persons and the keys they are known by.

Words: a *key* is a canonical e-mail or the shop's customer id. Keys that were ever told together
(in one order, one customer record) name one human. Persons who turn out to be one human share a
*root*; which facts arrive first changes the ids, never who is the same as whom.
"""
