"""People (机构与人员): the unit tree, persons, posts, roles, accounts, and what each may do."""
