"""Riwaq's server: one venue, one service day at a time."""
