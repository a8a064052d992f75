"""Pages: the vault of the hat worn (`vault`), what is to be destroyed (`eliminations`)."""
