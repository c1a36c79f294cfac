"""Documents with something changed at random, through all that happens to a document."""
