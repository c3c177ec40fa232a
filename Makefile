# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# make help lists what can be done. Every target sets up what it needs first: packages (as
# root), kernel headers and tools unpacked into ~/.cache/vvb (or $VVB_CACHE).

# V=1 shows every command.
MAKEFLAGS += --no-print-directory $(if $(V),,-s) -j$(shell nproc)
VM := selftests/vm
export BUILD := $(CURDIR)/build
# make starts over once build/config.mk is made: the time goes on.
export VVB_START := $(or $(VVB_START),$(shell $(if $(MAKE_RESTARTS),cat build/start,date +%s)))

# Parameters of the demo.
LEGACY ?= only
POLICY ?= split
LOADER ?= vvbctl
DRIVER ?= ours
OWNER ?=
DEVICE ?=
TYPE ?= net

# Here one after the other; what they compile, side by side.
.NOTPARALLEL:
.PHONY: all kmod bpf user programs qemu upstream testbed kernel-module
.PHONY: demo check check-unit check-vm check-long fuzz bench bench-compare lint format clean help FORCE
.PHONY: check-guests check-kernels check-debug-kernel module-coverage check-races mutants
.PHONY: needs install uninstall deb check-packages

all: kmod bpf user

# Where headers, bpftool and libbpf are. Made afresh each time, as the cache may be gone.
ifneq ($(filter-out needs install uninstall deb check-packages clean format help,$(or $(MAKECMDGOALS),all)),)
include build/config.mk
export KDIR VMLINUX_BTF BPFTOOL LIBBPF_CFLAGS LIBBPF_LIBS
endif
build/config.mk: FORCE
	@$(VM)/config

kmod:
	@$(MAKE) -C kmod

bpf: kmod
	@$(MAKE) -C bpf

user:
	@$(MAKE) -C user

# What runs inside the VM, beside the product.
programs: bpf user
	@$(MAKE) -C selftests/kernel
	@$(MAKE) -C selftests/kernel/bpf
	@$(MAKE) -C selftests/vmm
	@$(MAKE) -C selftests/bench
	@$(MAKE) -C selftests/guests/payload

qemu:
	@$(VM)/provide/qemu >/dev/null

upstream:
	@$(VM)/provide/upstream $(VM_KERNEL) >/dev/null

# Module and policies for the kernel that VM_KERNEL names, if it is not the pinned one.
kernel-module: kmod
	@$(if $(VM_KERNEL),$(VM)/provide/kernel-module $(VM_KERNEL))

testbed: all programs qemu upstream kernel-module

demo: testbed
	@$(VM)/demo legacy=$(LEGACY) policy=$(POLICY) loader=$(LOADER) driver=$(DRIVER) \
		$(OWNER:%=owner=%) $(DEVICE:%=device=%) type=$(TYPE)

check: testbed
	@selftests/check unit kernels-quick vm guests-quick

check-unit: all
	@selftests/check unit

check-vm: testbed
	@selftests/check vm

# Legacy drivers that others wrote: every row, or those of GUESTS="name...".
check-guests: testbed
	@GUESTS="$(GUESTS)" selftests/check guests

# Module, policies and VM tests on other kernels: all of them, or those of KERNELS="version...".
check-kernels: testbed
	@KERNELS="$(KERNELS)" selftests/check kernels

# And all guests and a dozen mutants, when no test was picked.
check-long: testbed
	@selftests/check long $(if $(TESTS),,guests mutants)

# Small deliberate faults, each put into a copy of the tree, which tests must notice.
mutants:
	@selftests/mutants/run $(AREA:%=--area %) $(MUTANTS)

# The fuzzers, FUZZ_SECONDS each; FUZZ="target..." picks some.
fuzz: all
	@$(MAKE) -C selftests/fuzz run

bench: testbed
	@selftests/bench/run

# By the figures that were last accepted, or by BASE=<a bench.json>.
bench-compare: testbed
	@selftests/bench/compare $(BASE)

# The usual VM tests, and those of the suite debug, on a kernel that watches itself.
check-debug-kernel:
	@$(MAKE) VM_KERNEL=debug testbed
	@VM_KERNEL=debug selftests/check vm debug

# Counts whatever the status of the tests, and ends with it.
module-coverage:
	@$(MAKE) check-debug-kernel; status=$$?; $(VM)/coverage && exit $$status

# The tests in which most goes on at once, on a kernel that watches for data races.
RACES := fuzz_access guard_always intx intx_late intx_races ioeventfd ioeventfd_bad kicks_stuck late_answer \
	pending punt put_off queue_full settings shadow stress swap vvbd
check-races:
	@$(MAKE) VM_KERNEL=kcsan testbed
	@VM_KERNEL=kcsan TESTS="$(or $(TESTS),$(RACES))" selftests/check vm

lint: all
	@selftests/lint

format:
	@git ls-files -z '*.c' '*.h' | xargs -0 clang-format --style=file -i

# For the running kernel, or that of KDIR, by what the machine has: away from the test bed's build.
below = $(if $(DESTDIR),$(abspath $(DESTDIR)))
install_parts = for part in kmod bpf user; do \
	$(MAKE) -C $$part BUILD=$(CURDIR)/build/host DESTDIR="$(1)" install || exit; done
install: needs
	@$(call install_parts,$(below))

# All that is missing is told before anything is built.
needs:
	@status=0; for part in kmod bpf user; do \
		$(MAKE) -C $$part BUILD=$(CURDIR)/build/host needs || status=1; \
	done; exit $$status

# What was installed is what would be. Directories go if they are ours, and empty.
uninstall:
	@stage=$$(mktemp -d) && trap 'rm -rf "$$stage"' EXIT && \
	{ $(call install_parts,$$stage); } >/dev/null && cd "$$stage" && \
	find . ! -type d -printf '%P\0' | (cd "$(below)/" && xargs -0 rm -f) && \
	find . -depth -type d -path '*vvb*' -printf '%P\0' | \
		(cd "$(below)/" && xargs -0 rmdir --ignore-fail-on-non-empty 2>/dev/null; true) && \
	for dir in lib/modules/*; do $(if $(below),:,depmod "$${dir##*/}"); done

# Debian's packages, built in a root of that suite; installed, used and purged in another; and from an empty
# image of it to a guest.
SUITE ?= bookworm-backports
deb:
	@selftests/packages/build $(SUITE)
check-packages:
	@selftests/packages/check $(SUITE)

clean:
	rm -rf build

help:
	@echo 'make              the module, the policies, vvbd and vvbctl, into build/'
	@echo 'make demo         a legacy guest over an SR-IOV VF, all of it in a VM; report and'
	@echo '                  build/results/demo.json. LEGACY=only|auto POLICY=<name>|none'
	@echo '                  LOADER=vvbctl|bpftool DRIVER=ours|upstream'
	@echo '                  OWNER=pf|self DEVICE=model|stock TYPE=net|blk'
	@echo 'make install      builds for the running kernel, and installs; DESTDIR, PREFIX, KDIR. make uninstall'
	@echo 'make deb          packages of Debian 12 with backports, into build/deb/'
	@echo 'make check        every test; ends with "N passed, N failed"'
	@echo 'make check-unit   those that need no VM (seconds)'
	@echo 'make check-vm     those that do; TESTS="name..." picks some'
	@echo 'make check-guests legacy drivers of others, each over a VF: a table, build/results/guests.json;'
	@echo '                  GUESTS="name..." picks some of selftests/guests/list'
	@echo 'make check-kernels        module, policies and VM tests on Linux 6.12, 6.18, 7.2 and 7.3: a'
	@echo '                  table, build/results/kernels.json; KERNELS="version..." picks some'
	@echo 'make check-long   VM tests that take minutes each, all guests, and a dozen mutants'
	@echo 'make check-packages       these packages built, installed, used and purged in a root of SUITE, and'
	@echo '                  in a VM, from an empty Debian to a guest'
	@echo 'make mutants      small deliberate faults, which the tests must notice: an hour. AREA="kmod..."'
	@echo '                  and MUTANTS="name..." pick some; selftests/mutants/README.md'
	@echo 'make fuzz         FUZZ_SECONDS=600 for each fuzzer; FUZZ="target..." picks some'
	@echo 'make bench        what an access costs, beside the kernel driver; build/results/bench.json'
	@echo 'make bench-compare        the same beside BASE=<a bench.json>, by default the one that was'
	@echo '                  last accepted; fails where an exact row is more than 1 % worse'
	@echo 'make check-debug-kernel   VM tests on a kernel with KASAN, lockdep, kmemleak and more,'
	@echo '                  which is built first'
	@echo 'make module-coverage      the same, and what it ran of each file of the module'
	@echo 'make check-races  VM tests with much going on at once, on a kernel with KCSAN'
	@echo 'make lint         style, static analysis, licences'
	@echo 'make format       applies the style that lint checks'
	@echo 'make clean        removes build/, not the cache'
	@echo '$(VM)/run         any command inside the test bed: $(VM)/run --help'
