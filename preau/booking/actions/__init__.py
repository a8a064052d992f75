"""Writes: `holds` (a slot kept while the form is filled in), `requests` (from the request to its
end). They share `steps`."""
