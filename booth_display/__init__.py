"""What stands at the booths and above them: the public board and the counter's tablet."""
