POST_ONLY = "only by POST"
OPEN = "for strangers too"
WHO = {}
