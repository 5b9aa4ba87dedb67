"""The day in figures: pure functions from the event log, and the plan that held, to datasets with a dictionary.

`day.py` plays the log; each other file draws the datasets of one subject from what was played, and `dictionary.py` says
what every column means. Report, API and partners' sheets draw the same datasets; `docs/figures.md` says where the
dashboard, which counts rows every second, is of another definition so far.
Times are milliseconds since 1970 UTC, durations of datasets are seconds.
"""
