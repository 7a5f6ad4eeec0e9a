"""Pages of the Collective's portal, on its own host; what is left of networks that have closed, on the platform's."""

from collective.portal.views.answers import answers, returned_withdraw
from collective.portal.views.desk import report_detail, report_list
from collective.portal.views.kept import kept, kept_answer_remove, kept_remove, kept_returned_remove
from collective.portal.views.publications import publication_detail, reply_edit, reply_withdraw, waiting
from collective.portal.views.reports import report
from collective.portal.views.search import search
from collective.portal.views.suppliers import supplier_detail, supplier_list

__all__ = [
    "answers",
    "kept",
    "kept_answer_remove",
    "kept_remove",
    "kept_returned_remove",
    "publication_detail",
    "reply_edit",
    "reply_withdraw",
    "report",
    "report_detail",
    "report_list",
    "returned_withdraw",
    "search",
    "supplier_detail",
    "supplier_list",
    "waiting",
]
