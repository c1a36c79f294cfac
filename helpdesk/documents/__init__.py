"""Files that people send: harmless names, allowed types, and bytes kept by their checksum."""
