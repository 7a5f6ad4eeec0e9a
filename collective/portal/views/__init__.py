"""Pages of the Collective's portal, on its own host."""

from collective.portal.views.answers import answers, returned_withdraw
from collective.portal.views.publications import publication_detail, reply_edit, reply_withdraw, waiting
from collective.portal.views.reports import report
from collective.portal.views.search import search
from collective.portal.views.suppliers import supplier_detail, supplier_list

__all__ = [
    "answers",
    "publication_detail",
    "reply_edit",
    "reply_withdraw",
    "report",
    "returned_withdraw",
    "search",
    "supplier_detail",
    "supplier_list",
    "waiting",
]
