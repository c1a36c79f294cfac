"""The verbs of the desk. They own the transaction: what belongs together is one commit."""
