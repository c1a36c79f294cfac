"""What a page, a filing and a mail cost, as ratios to floors measured in the same run."""
