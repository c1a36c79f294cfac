"""The rules of the desk: what a request may do next, who may do it, and what follows from it.

Only the standard library and `transitions` are imported here. Nothing reads a clock, a database
or a request: whatever a rule needs to know arrives in an `Attempt`.
"""
