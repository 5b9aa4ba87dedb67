"""What several tests need: a throwaway PostgreSQL, a real Chromium, free ports."""
