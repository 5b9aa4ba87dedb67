"""How the bytes of a job reach a printer: one file for each way."""
