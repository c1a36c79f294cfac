"""What the calendar does by itself: licenses and tickets take the steps that have become due."""
