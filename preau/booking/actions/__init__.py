"""Writes: `holds` (a slot kept while the form is filled in), `requests` (from the request to its
end), `planning` (own use, closures). They share `steps`."""
