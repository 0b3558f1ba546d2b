.PHONY: help prerequisites build release test lint format bench clean

help:  ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

prerequisites:  ## Install the Debian packages that the build needs
	Scripts/install-prerequisites.sh

build:  ## Build for debugging
	swift build

release:  ## Build the optimised program
	swift build -c release --product otscan

test: prerequisites  ## Run all tests
	swift test

lint:  ## Check the formatting
	swift format lint --strict --recursive Sources Tests Package.swift

format:  ## Format everything
	swift format --in-place --recursive Sources Tests Package.swift

bench: release  ## Measure speed and memory next to other programs
	python3 Scripts/bench.py .build/release/otscan

clean:  ## Remove what was built
	rm -rf .build
