"""Key projects (省市重点项目、三个一批): one life, preliminary steps, filings, blockages, plans."""
