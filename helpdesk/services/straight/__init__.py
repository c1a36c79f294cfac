"""Straight through: what the desk may approve by itself, by a manager’s rule."""
