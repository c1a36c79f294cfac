"""Settings: reading them, and what must hold before the desk opens."""
