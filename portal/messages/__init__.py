"""What visitors write: to the prefecture about the portal, to an agency about a listing."""
