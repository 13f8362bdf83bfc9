"""Reviews (民主生活会): papers, talks, criticism, judgement, and the ledger after it."""
