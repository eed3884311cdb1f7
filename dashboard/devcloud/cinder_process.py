"""Entry point of the Cinder process: select native threads before other Cinder modules are imported."""

import importlib

from cinder import monkey_patch

if __name__ == "__main__":
    monkey_patch.patch("threading")
    importlib.import_module("dashboard.devcloud.cinder_server").main()
