"""Reading order history from files: pure, row by row, whatever the size of the file.

`columns` finds out which column is which, `values` reads single cells, `rows` reads the file and
`history` puts an order snapshot together from a row. Whatever cannot be read is told with its line
and never guessed.
"""
