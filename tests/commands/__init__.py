"""The command line as a whole: programs that are started, killed and started again."""
