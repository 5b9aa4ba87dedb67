"""Who goes where next, and what is foretold."""
