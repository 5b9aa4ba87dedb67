"""The plans of a venue: which is in force, what earlier ones called things, what points outside the present one."""
