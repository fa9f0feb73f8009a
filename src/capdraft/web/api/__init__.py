"""The HTTP API, `/api/v1`: thin routes over `capdraft.publishing.api`, and its OpenAPI document."""
