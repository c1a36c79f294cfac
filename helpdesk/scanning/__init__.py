"""Other programs' opinion of a file: whether there is a virus in it."""
