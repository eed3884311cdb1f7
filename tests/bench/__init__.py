"""``make bench``: what Diskboard's pages cost beside the Cinder requests that they need.

It is not part of ``make test``: it takes about half an hour, and its times depend on the machine. Each module measures
one part (``parts.py`` lists them), prints its figures and compares some with a bar. A time is always a ratio to
something that was measured in turn with it, because the speed of a machine changes from minute to minute.
"""
