"""Work that has to be done from time to time, each job under a lock and safe to repeat."""
