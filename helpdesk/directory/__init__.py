"""Where accounts live. The desk asks; a directory does it, once for each key."""
