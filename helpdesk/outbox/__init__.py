"""What is owed, kept in the database until it is performed. The queue only hurries it along."""
