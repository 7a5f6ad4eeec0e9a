"""The product's settings as the tests see them, whatever the environment of the person who runs them."""

import dataclasses
import os

from config import env, localpg

for _field in dataclasses.fields(env.Env):
    if _field.name != "localpg_bin":
        os.environ.pop(_field.name.upper(), None)
os.environ["DATABASE_URL"] = localpg.url("test")
os.environ["DATABASE_OWNER_URL"] = localpg.owner_url("test")
os.environ["PORT"] = "8000"  # not that of a product running beside the tests
env.ENV = env.read_env(os.environ)

from config.settings import *  # noqa: E402, F403 - only now is the environment the tests' own

# Tests work as the app, signed in as one who may become the owner within a test's transaction: tests/roles.py.
DATABASES["default"] |= {"USER": localpg.ADMIN, "OPTIONS": {"options": f"-c role={localpg.APP_ROLE}"}}  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; no test is about the strength of hashing
HOST_CACHE_SECONDS = 0  # what a test does to a network shows at once
STRIPE_SECRET_KEY = STRIPE_API_BASE = ""  # nobody pays, but where a test has a stand-in of its own
SIGN_IN_PROVIDERS = {  # likewise
    name: {**given, "server_url": f"http://127.0.0.1:1/{name}"}
    for name, given in SIGN_IN_PROVIDERS.items()  # noqa: F405 - of the settings above
}
NOTE_ACTIVITY = False  # it would make the first page of a process cost one query more
