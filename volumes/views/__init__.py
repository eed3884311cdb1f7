"""The pages and dialogs of a project's disks and snapshots, by subject."""
