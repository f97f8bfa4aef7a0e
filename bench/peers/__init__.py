"""Other search engines, each behind the face of ``bench.peers.peer.Peer``."""
