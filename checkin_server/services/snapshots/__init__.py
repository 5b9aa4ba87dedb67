"""What each screen shows, whole: boards, counters, kiosks, the dashboard. Numbers only where the public looks."""
