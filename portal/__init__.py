"""The web application of the business-support portal."""
