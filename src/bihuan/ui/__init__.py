"""The face (界面): tables, panels, tags, forms, charts and maps as declared data; few templates."""
