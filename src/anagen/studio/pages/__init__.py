"""The pages of the studio, one file each: a query becomes a view model, a view model fills a template."""
