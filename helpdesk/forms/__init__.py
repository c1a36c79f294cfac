"""What people fill in: one file for each request type, and the forms of the steps."""
