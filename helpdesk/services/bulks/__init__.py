"""Recertifications of many people at once: who can be, what is filled in, whose worksheet is whose,
what is wrong with each, and one request for each that is right."""
