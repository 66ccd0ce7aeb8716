"""What people ask for: places, times, units, questions and repeated times, in their own words."""
