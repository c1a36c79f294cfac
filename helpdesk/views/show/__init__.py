"""Turns rows into what a page shows: words, no rows, so that a template asks no questions."""
