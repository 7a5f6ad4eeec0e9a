"""What every resource of the API is built on: who asks, what may be sent, how errors, lists and limits answer.

Apps use `rest.resources`, `rest.pagination` and `rest.problems`; the rest is chosen in settings.REST_FRAMEWORK.
"""
