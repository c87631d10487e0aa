# `make play` and `make test` do everything on a fresh machine.
CARGO ?= cargo
RIG ?= medium-swing
SETUP = ./presets/setup.sh

.PHONY: play test lint bench soak rtsan setup

# Plays the default rig. With no controller or no sound card it plays a built-in take and writes the recording.
play: setup
	$(CARGO) build --release -p sideman
	./target/release/sideman play $(RIG) --record out/last --report out/last/report.json $(ARGS)

test: setup
	$(CARGO) test --workspace

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps

bench: setup
	$(CARGO) bench -p sideman-tests

# Optimised code with the allocation guard armed.
soak: setup
	$(CARGO) test --profile soak -p engine --no-default-features --test dense_minute

# The renderer under RealtimeSanitizer; exit code 43 is a violation.
rtsan:
	tests/rtsan.sh

setup:
	@$(SETUP)
