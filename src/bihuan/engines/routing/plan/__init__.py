"""City plans (作业方案): from a scenario to every vehicle's sheet, with bounds and a judge."""
