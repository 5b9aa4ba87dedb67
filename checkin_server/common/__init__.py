"""What every room may know: clock, faults that people can mend, work off the loop, QR codes."""
