"""Papers as PDF: each module turns rows into plain data, `press` sets them with a template of templates/papers."""
