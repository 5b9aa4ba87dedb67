"""The day in figures: pure functions from the event log, and the plan that held, to datasets with a dictionary.

`day.py` plays the log; each other file draws the datasets of one subject from what was played, and `dictionary.py` says
what every column means. Dashboard, report and API draw the same datasets, so a figure is the same wherever it stands.
Times are milliseconds since 1970 UTC, durations of datasets are seconds.
"""
