"""Forms of the library: `search` for readers, `record` for those who write."""
