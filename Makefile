.PHONY: help prerequisites build release demo test test-corpus test-live test-scenarios bench fuzz embed protocols-page lint format clean

help:  ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

prerequisites:  ## Install the Debian packages that the build needs
	Scripts/install-prerequisites.sh

build:  ## Build for debugging
	swift build

release:  ## Build the optimised program
	swift build -c release --product otscan
	swift build -c release --product otscan-collector

demo: prerequisites release  ## Analyse the sample factory: inventory, findings, grades and a report in demo/
	Scripts/demo.sh

test: prerequisites  ## Run all tests
	swift test

test-corpus: prerequisites  ## Compare with what others say of the whole corpus, and print every table
	OTSCAN_CORPUS=whole swift test --filter 'ConfusionTests|NDPIAgreementTests|MessageCountTests|CoverageCountTests|ExampleRowTests'

test-live: prerequisites release  ## Run the tests of live captures whole, as root: about an hour
	swift build -c release --product live-helper
	OTSCAN_LIVE=whole OTSCAN_PROGRAMS=.build/release swift test --filter LiveTests
	Scripts/bench_live.py .build/release

test-scenarios:  ## Judge made plants whose truth is known: precision and recall of every rule
	swift test --filter ScenarioTests

lint:  ## Check the formatting
	swift format lint --strict --recursive Sources Tests Package.swift

format:  ## Format everything
	swift format --in-place --recursive Sources Tests Package.swift

bench: release  ## Measure speed and memory next to other programs
	python3 Scripts/bench.py .build/release/otscan

fuzz:  ## Fuzz one protocol: make fuzz TARGET=modbus SECONDS=60
	Scripts/fuzz.sh $(TARGET) $(SECONDS)

protocols-page: build  ## Write docs/protocols.md anew, after any change to a protocol's description
	.build/debug/otscan protocols --markdown > docs/protocols.md

embed:  ## Pack Signatures/ into the binary's archive, after any change to it
	Scripts/embed.py archive

clean:  ## Remove what was built
	rm -rf .build
