"""The format of the cloud's resource IDs."""

import re

# Cinder's IDs are UUIDs.
CLOUD_ID_PATTERN = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
CLOUD_ID = re.compile(CLOUD_ID_PATTERN)
# Stands for the id of a disk that Cinder's answer lacks; no disk has it.
NO_DISK = "00000000-0000-0000-0000-000000000000"
