"""The only door to Cinder: frozen values in, frozen values out, and every failure a CloudError."""
