"""The command line: a door for people at a terminal and for scripts.

Always true: exit status 0 means that it was done, 1 that it was not, 2 that it was asked wrongly;
facts go to the standard output (as JSON with `--json`), everything else to the standard error; a
problem is one plain sentence that says what is allowed. Nothing here loads Django before a
command needs it, so that `--help` answers at once.
"""
