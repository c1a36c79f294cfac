"""Files from outside: read line by line, compared with what is here, then taken over or not."""
