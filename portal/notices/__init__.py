"""What the prefecture tells all visitors: site notices and the emergency banner."""
