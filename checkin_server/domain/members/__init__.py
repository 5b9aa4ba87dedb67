"""Lists, names and codes of members."""
