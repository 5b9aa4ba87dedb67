"""One module for each migration, named like it: what is in the database before, what must be there after each way.

`load(tables)` fills a database of the revision before, `upgraded(tables)` checks it after the migration and may add
what only the new schema can hold, `downgraded(tables)` checks it after the way back. `test_each_revision.py` runs them.
"""
