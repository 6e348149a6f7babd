-- An import begins. ARGV[6] which one. Returns 1, or 0 while another is under way.

return people.hold(ARGV[6]) and 1 or 0
