"""The rules of the day: pure functions and values; time, ids and chance are arguments."""
