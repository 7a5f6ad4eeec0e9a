"""gunicorn's configuration: gunicorn -c config/gunicorn.py config.wsgi."""

import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from config.env import ENV

bind = f"{'127.0.0.1' if ENV.debug else '0.0.0.0'}:{ENV.port}"  # noqa: S104 - in production a proxy stands in front
workers = ENV.web_concurrency
worker_class = "gthread"
threads = ENV.web_threads
preload_app = True  # one start-up for all processes, and they share its memory
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeats must not wait for a disk
timeout = 60
graceful_timeout = 5 if ENV.debug else 30
keepalive = 5
control_socket_disable = True
forwarded_allow_ips = "*" if ENV.behind_proxy else "127.0.0.1"
loglevel = "warning" if ENV.debug else "info"
logconfig_dict = (
    {}
    if ENV.debug
    else {
        "formatters": {"generic": {"()": "shared_apps.monitoring.lines.JsonFormatter"}},
        "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["error_console"], "propagate": False}},
    }
)
accesslog = None  # sbm.request says it, without addresses: they may hold tokens

METRICS = "PROMETHEUS_MULTIPROC_DIR"  # named before prometheus_client is loaded, or each process would count alone
MINE = f"sbm-metrics-{os.getpid()}-"  # a master that takes over from another counts anew
if not Path(os.environ.get(METRICS, "")).name.startswith(MINE):
    os.environ[METRICS] = tempfile.mkdtemp(prefix=MINE, dir=worker_tmp_dir)


def on_exit(server: Any) -> None:
    """Take away what this master's processes counted."""
    folder = Path(os.environ[METRICS])
    if folder.name.startswith(MINE):
        shutil.rmtree(folder, ignore_errors=True)


def on_starting(server: Any) -> None:
    """Load every address before the processes part; a server that could harm ends here."""
    from django.conf import settings
    from django.db import connection

    from config.production import DemoSignInsError, PoolError, forget_owner, refuse_demo_sign_ins, refuse_unsafe_pool

    for kind in settings.TENANT_TYPES.values():
        import_module(kind["URLCONF"])
    forget_owner()
    try:
        refuse_demo_sign_ins(debug=bool(ENV.debug))
        refuse_unsafe_pool(connection.get_connection_params())
    except (DemoSignInsError, PoolError) as error:
        sys.exit(str(error))


def post_fork(server: Any, worker: Any) -> None:
    """Connections made while loading are not shared between processes."""
    from django.db import connections

    connections.close_all()
