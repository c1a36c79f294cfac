"""Fixtures live in tests/support, one noun per file; see the map in README.md."""

import hypothesis

# Each before those that import it: pytest must see a plugin first to rewrite its asserts.
pytest_plugins = [
    "tests.support.run_folder",
    "tests.support.network",
    "tests.support.apps",
    "tests.support.databases",
    "tests.support.smtp",
    "tests.support.demo_desk",
    "tests.support.servers",
    "tests.support.scim",
    "tests.support.clamd",
    "tests.support.browser",
    "tests.support.complete",
]

# How long an example takes depends on the machine and on what else it does.
hypothesis.settings.register_profile("desk", deadline=None, print_blob=True)
hypothesis.settings.load_profile("desk")
