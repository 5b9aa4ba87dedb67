"""What law 09-08 asks for: forgetting in time, and a member's right to know and to be forgotten."""
