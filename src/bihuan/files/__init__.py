"""Files (文件): documents by content, in versions; checked, never executed."""
