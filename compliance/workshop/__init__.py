"""What authors of rules use: check, test, document, scaffold and build a rules folder.

A problem is a CatalogueError that is returned rather than raised, so that an author sees all of them at once.
"""
