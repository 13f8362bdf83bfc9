# Thin aliases for people who type make; `python3 dev` is the door. Options: make test ARGS=-x
CHORES = setup run test check format messages docs pictures assets lock clean

help:
	@python3 dev

$(CHORES):
	@python3 dev $@ $(ARGS)

.PHONY: help $(CHORES)
