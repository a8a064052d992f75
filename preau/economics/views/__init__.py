"""HTTP in, a page or a redirect out."""
