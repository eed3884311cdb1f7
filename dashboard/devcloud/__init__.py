"""An OpenStack to try Diskboard out and to test it with, in two local processes.

It is the real Keystone and the real Cinder, over SQLite, with disks that are sparse files. It listens
on the loopback interface only and is no place to keep data. Start with ``launcher.DevCloud``; only
the modules ``keystone_*``, ``cinder_*`` and ``driver`` import the servers' packages, and only in their own processes.
"""
