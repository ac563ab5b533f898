"""Celery: ids in, one use case called.

A message here is only a nudge. What has to be done stands in the database, so a lost, doubled or
late message delays a job and never loses or doubles it.
"""
