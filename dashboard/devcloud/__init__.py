"""The embedded cloud: a local OpenStack in two processes, for trying Diskboard out and for its tests.

It is the real Keystone and the real Cinder on SQLite, with disks that are sparse files. It listens on the loopback
interface only and isn't meant for keeping data. The entry point is ``launcher.DevCloud``. Only the modules
``keystone_*``, ``cinder_*`` and ``driver`` import the servers' packages, and only in the servers' own processes.
"""
