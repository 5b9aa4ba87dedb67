"""From a ticket's contents to confirmed paper. Knows no server: no Flask, no database."""
