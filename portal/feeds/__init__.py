"""What calendars, feed readers and search engines fetch."""
