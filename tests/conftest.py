"""What every test may use."""

pytest_plugins = ["tests.devcloud_fixtures"]
