def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: tests of real processes often wait for them."""
    return (os.cpu_count() or 1) + 1
