"""URLs of discussions, on each network's host."""

from django.urls import path

from tenant_apps.discussions import views

app_name = "discussions"

urlpatterns = [
    path("discussions/", views.discussion_list, name="discussion_list"),
    path("discussions/new/", views.discussion_new, name="discussion_new"),
    path("discussions/similar/", views.discussion_similar, name="discussion_similar"),
    path("discussions/read/", views.mark_all_read, name="mark_all_read"),
    path("discussions/<uuid:discussion_id>/", views.discussion_detail, name="discussion_detail"),
    path("discussions/<uuid:discussion_id>/edit/", views.discussion_edit, name="discussion_edit"),
    path("discussions/<uuid:discussion_id>/history/", views.discussion_history, name="discussion_history"),
    path("discussions/<uuid:discussion_id>/original/", views.original, name="discussion_original"),
    path("discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/original/", views.original, name="reply_original"),
    path("drafts/", views.draft_save, name="draft_save"),
    path("drafts/discard/", views.draft_discard, name="draft_discard"),
    path("discussions/<uuid:discussion_id>/news/", views.discussion_news, name="discussion_news"),
    path("discussions/<uuid:discussion_id>/helpful/", views.post_helpful, name="discussion_helpful"),
    path("discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/helpful/", views.post_helpful, name="reply_helpful"),
    path("discussions/<uuid:discussion_id>/follow/", views.discussion_follow, name="discussion_follow"),
    path("discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/edit/", views.reply_edit, name="reply_edit"),
    path("discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/mark/", views.reply_mark, name="reply_mark"),
    path(
        "discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/history/",
        views.discussion_history,
        name="reply_history",
    ),
    *(
        path(f"discussions/<uuid:discussion_id>/{act}/", views.discussion_act, {"act": act}, name=f"discussion_{act}")
        for act in views.ACTS
    ),
    path("discussions/<uuid:discussion_id>/hide/", views.discussion_hide, name="discussion_hide"),
    path("discussions/<uuid:discussion_id>/move/", views.discussion_move, name="discussion_move"),
    path("discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/hide/", views.reply_hide, name="reply_hide"),
    path("discussions/<uuid:discussion_id>/replies/<uuid:reply_id>/show/", views.reply_show, name="reply_show"),
    path("discussions/<uuid:discussion_id>/author/", views.author_reveal, name="author_reveal"),
    path("discussions/<uuid:discussion_id>/poll/", views.poll_new, name="poll_new"),
    path("discussions/<uuid:discussion_id>/poll/vote/", views.poll_vote, name="poll_vote"),
    path("discussions/<uuid:discussion_id>/poll/edit/", views.poll_edit, name="poll_edit"),
    *(
        path(f"discussions/<uuid:discussion_id>/poll/{act}/", views.poll_act, {"act": act}, name=f"poll_{act}")
        for act in views.POLL_ACTS
    ),
    path("discussions/<uuid:discussion_id>/merge/", views.discussion_merge, name="discussion_merge"),
    path("discussions/<uuid:discussion_id>/unmerge/", views.discussion_unmerge, name="discussion_unmerge"),
    path("discussions/<uuid:discussion_id>/split/", views.discussion_split, name="discussion_split"),
    path("manage/waiting/", views.waiting_list, name="waiting_list"),
    path("manage/waiting/<uuid:discussion_id>/approve/", views.waiting_approve, name="waiting_approve"),
    path("manage/waiting/<uuid:discussion_id>/refuse/", views.waiting_refuse, name="waiting_refuse"),
    path("manage/tags/", views.tag_list, name="tag_list"),
    path("manage/tags/<uuid:tag_id>/", views.tag_edit, name="tag_edit"),
    path("manage/archives/", views.archive_list, name="archive_list"),
    path("manage/archives/<uuid:archive_id>/", views.archive_detail, name="archive_detail"),
    path("manage/archives/<uuid:archive_id>/bring/", views.archive_bring, name="archive_bring"),
    path("manage/archives/<uuid:archive_id>/discard/", views.archive_discard, name="archive_discard"),
    path("manage/archives/<uuid:archive_id>/undo/", views.archive_undo, name="archive_undo"),
    path("manage/categories/", views.category_list, name="category_list"),
    path("manage/categories/<uuid:category_id>/", views.category_edit, name="category_edit"),
]
