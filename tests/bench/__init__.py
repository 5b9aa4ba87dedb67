"""Benchmarks: a real demo server, loaded over real sockets; ratios against references of the same run.

`docs/performance.md` says what the rows mean and what was measured.
"""
