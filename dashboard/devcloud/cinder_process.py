"""The entry of the Cinder process: chooses native threads before anything of Cinder is imported."""

import importlib

from cinder import monkey_patch

if __name__ == "__main__":
    monkey_patch.patch("threading")
    importlib.import_module("dashboard.devcloud.cinder_server").main()
