"""Does a broken rule break a test? `make mutate` breaks rules of the product one by one, and says which went unnoticed.

`*.toml` name the rules that must not go unnoticed; `draw.py` breaks ten more places at random.
"""
