#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# faults.sh - does ./check see what is wrong? A small tree without a fault, and one fault at a time.
# shellcheck disable=SC2016 # $ and ` are those of sed, make and the pages
set -eu
check=$(cd "$(dirname "$0")" && pwd)/check
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
bad=0

# tree - what all of it is content with
tree()
{
	rm -rf "$root/tree"
	mkdir -p "$root/tree" && cd "$root/tree"
	mkdir -p docs/abi kmod bpf user/man selftests/kernel/tests selftests/vm selftests/bench
	cat >README.md <<'END'
# Title
A [link](docs/operating.md#the-files), `[no](link)`.
```sh operating
make -C bpf && make check
vvbd \
	--all		# a comment
```
```sh docs_pages
make check TESTS="a b"	# a comment
make -C bpf POLICY=split
sudo selftests/vm/run --shell -- --whatever
```
```text
anything
```
END
	cat >docs/operating.md <<'END'
## The files
[back](../README.md)
| file of a VF | | value |
|---|---|---|
| `legacy` | rw | |
| `stalled`, `vf_id` | r | |
| `eject` | w | |

| file of the driver | | value |
|---|---|---|
| `bpf` | r | |
```xml guests
<a/>
```
END
	cat >docs/policies.md <<'END'
```c policies mine.bpf.c
int x;
```
END
	cat >docs/comparison.md <<'END'
| row of the bench | ours/none | ours/cache | upstream/none |
|---|---:|---:|---:|
| notify_write | 771 | 1,281 | 978 |
| status_read | 7 | 8 | 9 |
END
	cat >docs/architecture.md <<'END'
| file | what |
|---|---|
| vf, sysfs | |

| lock | kind |
|---|---|
| `one` | mutex |
| `vf->two` | a bit |
| `vf->three` | spinlock |
| `four` | mutex |
END
	echo '# C, see kmod/sysfs.c' >CONTRIBUTING.md
	printf ' * Locks, outermost first:\n *\n *   one\tmutex: of\n *\t\tall\n *   vf->two\tbit\n *   vf->three\ta leaf\n *\n * Beside these four, a mutex: x.\n */\n' \
		>kmod/vf.h
	printf 'struct three {\n\tspinlock_t lock; /* a leaf */\n};\n' >>kmod/vf.h
	for test in operating policies guests; do
		printf '%s\n' '#!/bin/sh' >selftests/kernel/tests/$test.sh
		chmod +x selftests/kernel/tests/$test.sh
	done
	echo 'follow operating README.md 1' >>selftests/kernel/tests/operating.sh
	echo 'cp mine.bpf.o .' >>selftests/kernel/tests/policies.sh
	echo '	block xml guests docs/operating.md | cat' >selftests/kernel/tests/lib_guests
	printf '#!/bin/sh\n# --shell\n' >selftests/vm/run
	chmod +x selftests/vm/run
	printf 'check: all\n\techo $(TESTS)\n' >Makefile
	printf 'POLICY := x\n' >bpf/Makefile
	: >bpf/split.bpf.c
	cat >kmod/sysfs.c <<'END'
DEFINE_MUTEX(one); /* see vf.h */
static DEFINE_MUTEX(four);
static DEVICE_ATTR_RO(stalled);
VVB_SHOW(vf_id, "%llu", vf->id);
static DEVICE_ATTR_WO(eject);
static DRIVER_ATTR_RO(bpf);
#define VVB_SETTING(_name, _kind, ...) { .attr = __ATTR(_name, 0644, show, store) }
	[VVB_SET_LEGACY] = VVB_SETTING(legacy, legacy, VVB_AT(legacy)),
module_param_cb(legacy, &ops, NULL, 0444); /* see docs/policies.md */
END
	for entry in 'devices/<address>/vvb/legacy RW' 'devices/<address>/vvb/stalled RO' \
			'devices/<address>/vvb/vf_id RO' 'devices/<address>/vvb/eject WO' \
			'drivers/virtio_vfio_bpf/bpf RO'; do
		abi "/sys/bus/pci/${entry% *}" "${entry#* }"
	done >docs/abi/sysfs
	abi /sys/module/virtio_vfio_bpf/parameters/legacy RO >>docs/abi/sysfs
	printf '.B %s\n' legacy stalled vf_id eject bpf >user/man/virtio_vfio_bpf.4
	cat >selftests/bench/base.json <<'END'
{"rows":[{"row":"notify_write","driver":"ours","policy":"none","iommu":"nopt","median":771},
{"row":"notify_write","driver":"ours","policy":"cache","iommu":"nopt","median":1281},
{"row":"notify_write","driver":"upstream","policy":"none","iommu":"nopt","median":978},
{"row":"status_read","driver":"ours","policy":"none","iommu":"nopt","median":7},
{"row":"status_read","driver":"ours","policy":"none","iommu":"pt","median":6},
{"row":"status_read","driver":"ours","policy":"cache","iommu":"nopt","median":8},
{"row":"status_read","driver":"upstream","policy":"none","iommu":"nopt","median":9}]}
END
}

# abi WHAT ACCESS - an entry
abi()
{
	printf 'What:\t\t%s\nDate:\t\tNovember 2026\nKernelVersion:\t6.12\nContact:\tus\n' "$1"
	printf 'Description:\t(%s) What it is:\n\t\tmore.\n\n' "$2"
}

# said WHAT - what the check says of the tree; nothing is no status
said()
{
	sh "$check" "$1" "$root/tree" 2>&1 || echo "status $?"
}

# sees WHAT PATTERN FILE SED... - the fault is put into the tree, and told
sees()
{
	what=$1
	pattern=$2
	file=$3
	shift 3
	tree
	before=$(cksum <"$file")
	sed -i "$@" "$file"
	[ "$(cksum <"$file")" != "$before" ] || { echo "not a change: $*"; bad=1; }
	out=$(said "$what")
	case $out in
	*"$pattern"*"status 1") ;;
	*)	echo "$what does not see: $* in $file: $out, wanted $pattern"; bad=1 ;;
	esac
}

tree
for what in commands links sysfs code figures; do
	[ -z "$(said $what)" ] || { echo "$what of a good tree: $(said $what)"; bad=1; }
done

sees commands "README.md:3: no test is named" README.md 's/^```sh operating/```sh/'
sees commands "README.md:3: a block of what language" README.md 's/^```sh operating/```/'
sees commands "README.md:13: a block without an end" README.md '$d'
sees commands "README.md:2: an indented block" README.md '2s/.*/    vvbctl/'
sees commands "the test 'nosuch' has nothing to do" README.md 's/^```sh operating/```sh nosuch/'
sees commands "the test 'policies' has nothing to do" README.md 's/^```sh operating/```sh policies/'
sees commands "the test 'operating' has nothing to do" selftests/kernel/tests/operating.sh \
	's/^follow/# &/'
sees commands "the test 'operating' has nothing to do" selftests/kernel/tests/operating.sh \
	's/README/docs\/operating/'
sees commands "the test 'guests' has nothing to do" selftests/kernel/tests/lib_guests 's/xml/sh/'
sees commands "the test 'policies' has nothing to do" selftests/kernel/tests/policies.sh s/mine/yours/
sees commands "README.md:4: nothing here knows" README.md 's/&& make check/\&\& make chekc/'
sees commands "README.md:9: nothing here knows" README.md 's/^make check/make chekc/'
sees commands "README.md:9: nothing here knows" README.md 's/TESTS=/TSETS=/'
sees commands "README.md:10: nothing here knows" README.md s/POLICY=split/POLICY=spilt/
sees commands "README.md:10: nothing here knows" README.md 's/-C bpf/-C nosuch/'
sees commands "README.md:11: nothing here knows" README.md 's/--shell/--sehll/'
sees commands "README.md:11: nothing here knows" README.md 's/vm\/run/vm\/rnu/'
sees commands "README.md:11: nothing here knows" README.md 's/sudo.*/rm -rf \//'
tree
rm CONTRIBUTING.md
case $(said commands) in *"is missing"*"status 1") ;; *) echo "a page that is missing"; bad=1 ;; esac

sees links "README.md: a link to nothing: docs/opreating.md" README.md 's/operating.md#the-files/opreating.md/'
sees links "README.md: a link to nothing: docs/operating.md#the-flies" README.md s/the-files/the-flies/
sees links "README.md: a link to nothing: docs/operating.md#the-files" docs/operating.md 's/^## The files/## Files/'
sees links "kmod/sysfs.c: names a page that is not there: docs/plocies.md" kmod/sysfs.c s/policies/plocies/

sees links "CONTRIBUTING.md: names a file that is not there: kmod/sfsys.c" CONTRIBUTING.md s/sysfs/sfsys/

sees code "docs/architecture.md does not have kmod/sysfs.c" docs/architecture.md s/sysfs/sfsys/
sees code "its locks are not those of kmod/vf.h: one vf->two" docs/architecture.md /two/d
sees code "its locks are not those of kmod/vf.h: one vf->five" kmod/vf.h s/vf-.two/vf-\>five/
sees code "its locks are not those of kmod/vf.h: one vf->two vf->three four" docs/architecture.md /four/d
sees code "does not have the lock five" kmod/sysfs.c s/four/five/
sees code "has 3 locks, kmod declares 4" kmod/vf.h 's/.*spinlock_t.*/&\n\tstruct mutex more;/'
sees code "has 3 locks, kmod declares 2" kmod/vf.h /spinlock_t/d
sees code "where is the order of locks" kmod/vf.h s/outermost/innermost/

sees sysfs "docs/abi does not have: vf stalled RO" docs/abi/sysfs s/stalled/installed/
sees sysfs "docs/abi has what the module has not: vf installed RO" docs/abi/sysfs s/stalled/installed/
sees sysfs "docs/abi does not have: vf legacy RW" docs/abi/sysfs 's/(RW)/(RO)/'
sees sysfs "docs/abi does not have: parameter legacy RO" docs/abi/sysfs 's/parameters/paramteres/'
sees sysfs "an entry has five parts" docs/abi/sysfs '/^Date/d'
sees sysfs "an entry has five parts" docs/abi/sysfs '/^Description/,$d'
sees sysfs "Contact is empty" docs/abi/sysfs 's/us$//'
sees sysfs "docs/abi does not have: driver more RW" kmod/sysfs.c '$s/.*/&\nstatic DRIVER_ATTR_RW(more);/'
sees sysfs "docs/operating.md does not have: vf eject WO" docs/operating.md 's/| w |/| rw |/'
sees sysfs "docs/operating.md does not have: vf vf_id RO" docs/operating.md 's/, `vf_id`//'
sees sysfs "virtio_vfio_bpf.4 does not have: bpf" user/man/virtio_vfio_bpf.4 /bpf/d
sees sysfs "where are its files" kmod/sysfs.c d

sees figures "notify_write of ours/cache is 1280, base.json has 1281" docs/comparison.md s/1,281/1,280/
sees figures "status_read of ours/none is 7, base.json has 6" selftests/bench/base.json 's/"median":7}/"median":6}/'
sees figures "where is its table" docs/comparison.md '1s/.*/| row |/'
exit $bad
