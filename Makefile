# One-liners over bootstrap.py, which also works without make. Words for a command: make test ARGS="tests/orders -x"
.PHONY: setup run test check bench
setup run test check bench:
	@python3 bootstrap.py $@ $(ARGS)
