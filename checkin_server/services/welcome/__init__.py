"""The welcome desk: finding people, walk-ins, priority by hand, numbers without paper."""
