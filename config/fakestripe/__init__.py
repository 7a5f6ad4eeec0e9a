"""A stand-in for Stripe that keeps its state: the real API's shapes, pages, events and clock, on loopback only.

It is for development and tests. `tests/config/fakestripe` drives it through Stripe's own library, and compares its
parameters and objects with the library's types. What it does not know it refuses, so that a mistake of ours shows.
"""
