"""Make, open and hold a venue, a real one or the demo."""
