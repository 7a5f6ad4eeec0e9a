"""Every app has the same rooms, and a module that is none of them is a named engine with a reason."""

from tests.cluster import PACKAGES, ROOT
from tests.guards.sources import APPS, functions_of, named, product_files, tree_of

ROOMS = {
    *("enums", "signals", "tasks", "models", "permissions", "selectors", "services", "messages"),
    *("forms", "serializers", "receivers", "views", "api", "urls"),
    *("apps", "migrations", "management", "templatetags", "static", "middleware", "adapters", "routers", "__init__"),
}
ENGINES = {  # where the product's own science lives; each module's docstring says what it is
    *(
        "tenants/beginnings",
        "tenants/cache",
        "tenants/context",
        "tenants/ending",
        "tenants/ids",
        "tenants/lifecycle",
        "tenants/names",
        "tenants/recipes",
        "tenants/reserved_subdomains",
        "tenants/roles",
    ),
    *("tenants/schema", "tenants/signing", "tenants/statements", "tenants/upgrading"),
    *("shared_apps/accounts/backends", "shared_apps/accounts/providers", "shared_apps/accounts/sessions"),
    *("shared_apps/billing/bills", "shared_apps/billing/gateway", "shared_apps/billing/states"),
    "shared_apps/closing/certificates",
    *("shared_apps/core/commands", "shared_apps/core/console", "shared_apps/core/finding"),
    "shared_apps/domains/resolving",
    *("shared_apps/core/fields", "shared_apps/core/flash", "shared_apps/core/gallery", "shared_apps/core/health"),
    *(
        "shared_apps/core/markdown",
        "shared_apps/core/naming",
        "shared_apps/core/narrowing",
        "shared_apps/core/navigation",
        "shared_apps/core/typed",
        "shared_apps/core/when",
    ),
    "shared_apps/operator/metering",
    *("shared_apps/monitoring/failures", "shared_apps/monitoring/lines", "shared_apps/monitoring/meters"),
    "shared_apps/monitoring/work",
    *("shared_apps/api/rest", "shared_apps/mail/rendering"),
    *("shared_apps/mail/listening", "shared_apps/mail/reading", "shared_apps/mail/trimming"),
    "shared_apps/mail/webhooks",
    "shared_apps/operator/drill",
    *("shared_apps/schools/gias", "shared_apps/schools/matching"),
    *(
        "tenant_apps/discussions/emailing",
        "tenant_apps/discussions/exporting",
        "tenant_apps/discussions/importing",
        "tenant_apps/discussions/mentioning",
        "tenant_apps/discussions/returning",
        "tenant_apps/files/drawing",
        "tenant_apps/files/inspecting",
        "tenant_apps/files/names",
        "tenant_apps/files/serving",
        "tenant_apps/files/storing",
        "tenant_apps/files/uploads",
        "tenant_apps/members/colours",
        "tenant_apps/moderation/limits",
        "tenant_apps/notifications/inbound",
        "tenant_apps/portability/archive",
        "tenant_apps/portability/drawing",
        "tenant_apps/portability/dumping",
        "tenant_apps/portability/keeping",
        "tenant_apps/portability/people",
        "tenant_apps/portability/reader",
        "tenant_apps/portability/returning",
        "tenant_apps/portability/serving",
        "tenant_apps/setup/examples",
        "tenant_apps/sharing/drafting",
        "tenant_apps/sharing/rebuilding",
        "tenant_apps/sharing/reportables",
        "tenant_apps/suppliers/exporting",
        "tenant_apps/suppliers/matching",
        "tenant_apps/suppliers/returning",
        "collective/publications/drafts",
    ),
}
ENGINE_APPS = ("collective/index/", "shared_apps/jobs/")  # engines as a whole
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "managers", "misc", "base", "lib"}
LONGEST_FUNCTION = 25


def test_rooms_every_module_has_an_allowed_name():
    found = {named(path.with_suffix("")) for app in APPS for path in app.iterdir() if not path.name.startswith(".")}

    strange = {name for name in found if name.rsplit("/", 1)[-1] not in ROOMS and not name.endswith("__pycache__")}

    assert {name for name in strange - ENGINES if not name.startswith(ENGINE_APPS)} == set()


def test_rooms_every_engine_exists():
    assert [name for name in ENGINES if not any(ROOT.glob(f"{name}*"))] == []


def test_rooms_no_module_is_a_drawer():
    found = [named(path) for path in product_files() if {path.stem, path.parent.name} & FORBIDDEN]

    assert found == []


def test_rooms_no_other_folder_at_the_top():
    allowed = {*PACKAGES, "templates", "tests", "deploy"}

    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert found <= allowed


def test_modules_say_what_they_are():
    silent = [
        named(path)
        for path in product_files()
        if tree_of(path).body and "migrations" not in path.parts and not tree_of(path).body[0].__doc__
    ]

    assert silent == []


def test_functions_fit_in_the_eye():
    long = [
        f"{named(path)}:{function.lineno} {function.name}"
        for path in product_files()
        if "migrations" not in path.parts and path.name != "apps.py"  # which is a list of registrations
        for function in functions_of(path)
        if lines_of(function) > LONGEST_FUNCTION
    ]

    assert long == []


def lines_of(function) -> int:
    """Lines of the body without its docstring."""
    first = function.body[1] if has_docstring(function) and len(function.body) > 1 else function.body[0]
    return function.end_lineno - first.lineno + 1


def has_docstring(function) -> bool:
    value = getattr(function.body[0], "value", None)
    return isinstance(getattr(value, "value", None), str)
