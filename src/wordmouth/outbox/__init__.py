"""Effects on the outside world: durable, done once, retried with back-off, visible when dead.

Always true: an effect is stored in the transaction of the fact it follows from; its key says
what it is for, so it exists once; only the holder of the newest fence may write its outcome.
"""
