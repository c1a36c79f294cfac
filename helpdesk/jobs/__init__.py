"""What happens without anybody at a page: the worker and its schedule."""
