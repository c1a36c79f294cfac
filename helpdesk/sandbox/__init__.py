"""Programs that look into strangers' files, each in a process that can do little harm."""
