"""A directory that speaks SCIM 2.0 (RFC 7643 and 7644): a product, or an identity provider."""
