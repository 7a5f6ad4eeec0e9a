"""A stand-in for signing in with Google and Microsoft: OpenID Connect with real signatures, on loopback only.

It is for development and tests; whoever opens its page chooses who they are. What it does not know it refuses, so that
a mistake of ours shows.
"""
