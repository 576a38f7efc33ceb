"""Made-up people and a season of classes around today, for showing Engawa and for measuring it.

The season is played, not written: a clock of its own walks through the last weeks, and at each moment the same
verbs run that staff and residents use, followed by the worker. Only `bulk` writes rows without the verbs.
"""
