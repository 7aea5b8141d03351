.PHONY: setup run test check bench
setup run test check bench:
	@python3 bootstrap.py $@ $(ARGS)
