"""Would the day work: the doctor and its checks."""
