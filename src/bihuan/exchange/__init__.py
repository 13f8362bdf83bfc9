"""Exchange (交换): files of other people ⇄ plain rows. No web framework, no database, no clock."""
