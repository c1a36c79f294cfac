"""Worksheets: made as fillable PDFs, and read in a sandbox, however they were filled in."""
