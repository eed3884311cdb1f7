"""The only package that calls Cinder. It takes and returns frozen values, and raises each failure as a CloudError."""
