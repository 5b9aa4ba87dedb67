"""HTTP: thin blueprints that parse, call a service and answer; who may call what; errors; OpenAPI."""
