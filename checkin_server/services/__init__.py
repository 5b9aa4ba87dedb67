"""What people can do: one use case a file, one transaction each. No Flask here, and no SQL."""
