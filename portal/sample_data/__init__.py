"""What ``portal demo`` shows: real programmes of Aomori, made-up notices beside them, and made-up
visits to both."""
