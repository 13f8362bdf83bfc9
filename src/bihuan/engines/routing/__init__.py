"""Routing (路线): streets, demand, tours that clear them, and a judge that trusts no solver."""
