"""Calls to other machines by HTTP: one host, found once, within bounds of time and size."""
