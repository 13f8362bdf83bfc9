"""Plans of tours on files (作业方案的文件): scenarios in, routes, sheets and numbers out."""
