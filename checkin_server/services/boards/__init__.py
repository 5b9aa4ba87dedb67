"""What boards say and show: calls aloud, pictures and films."""
