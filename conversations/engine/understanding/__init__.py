"""What people mean by what they type: pure, and without knowledge of any procedure."""
