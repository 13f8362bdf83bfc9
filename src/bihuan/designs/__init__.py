"""规划设计方案审查: schemes with versions, opinions pinned to a page, meetings, public notice."""
