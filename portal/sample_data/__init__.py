"""What ``portal demo`` shows: real programmes of Aomori, and made-up notices beside them."""
