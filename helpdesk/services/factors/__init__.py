"""The second step at sign-in: what people hold for it, how it is judged, and how it is lost."""
