"""Settings that gunicorn needs in every deployment of Diskboard; it reads this file automatically."""

# A page of a hundred rows requests their details with a URL that exceeds the default limit of 4,094 bytes.
limit_request_line = 8190

# The usual worker with threads, with a time limit for the head of a request
worker_class = "dashboard.gunicorn_worker.Worker"
