"""What gunicorn must know wherever it serves Diskboard; it reads this file by itself."""

# The address with which a page of a hundred rows asks for what belongs into them is longer than the default allows.
limit_request_line = 8190

# The usual worker with threads, with a time limit for the head of a request
worker_class = "dashboard.gunicorn_worker.Worker"
