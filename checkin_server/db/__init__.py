"""The only place that knows SQL: schema, statements, and one way to run a transaction on two kinds of database."""
