"""What a day says afterwards."""
