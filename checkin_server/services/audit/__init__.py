"""Who looked at whom, who did what: the event log as people read it, and the chain that guards it."""
