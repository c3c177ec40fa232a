#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# install.sh USER_DIR BUILD LIBBPF - install below a directory, and compile there by pkg-config,
# beside a system that has headers of its own under the names of ours, and a libvvb of before for
# programs that were linked with it. LIBBPF is what libvvb.a wants.
set -eux
user=$1 build=$2
shift 2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
lib=$root/usr/local/lib
mkdir -p "$lib"
echo older >"$lib/libvvb.so.0.1.0"
ln -s libvvb.so.0.1.0 "$lib/libvvb.so.0"
# a system whose libbpf is older, and one with what LIBBPF belongs to: can libvvb.so be linked with?
mkdir "$root/old"
echo 'void bpf_obj_get(void) {}' | cc -shared -fPIC -xc - -Wl,-soname,libbpf.so.1 -o "$root/old/libbpf.so.1"
make -s -C "$user" BUILD="$build" DESTDIR="$root" LDFLAGS="-Wl,-rpath-link,$root/old" install 2>"$root/said"
grep -q '^user: nothing can be linked with libvvb.so here' "$root/said"
libbpf_dir=$(dirname "${1%% *}")
[ "$libbpf_dir" = . ] || libbpf_dir=-Wl,-rpath-link,$libbpf_dir
make -s -C "$user" BUILD="$build" DESTDIR="$root" LDFLAGS="${libbpf_dir#.}" install 2>"$root/said"
! grep '^user: ' "$root/said" || exit 1
grep -qx older "$lib/libvvb.so.0"
# for a configuration to come: nobody's but of who installs, so root's
test "$(stat -c '%u %a' "$root/etc/vvb")" = "$(id -u) 755"
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$root/usr/local/lib/pkgconfig"
cflags=$(pkg-config --cflags libvvb)
libs=$(pkg-config --libs libvvb)
cd "$root"

mkdir system
for name in admin event field knob plugin split vvb; do
	echo "#define SYSTEM_$name" >system/$name.h
done
cat >program.c <<'END'
#include <admin.h>
#include <event.h>
#include <field.h>
#include <knob.h>
#include <plugin.h>
#include <split.h>
#include <vvb.h>
#include <vvb/plugin.h>
#include <vvb/vvb.h>
#if !defined(SYSTEM_admin) || !defined(SYSTEM_event) || !defined(SYSTEM_field) || \
	!defined(SYSTEM_knob) || !defined(SYSTEM_plugin) || !defined(SYSTEM_split) || \
	!defined(SYSTEM_vvb)
#error a header of the system is shadowed
#endif

int main(void)
{
	struct vvb_vf vf;
	__u64 id = 0;

	return vvb_bdf_parse("0000:01:00.1", &id) || id != VVB_VF_ID(0, 1, 1) ||
	       !vvb_vf_get(id, &vf);
}
END
# shellcheck disable=SC2086 # words
{
	cc -std=c99 -Wall -Wextra -Werror $cflags -isystem system -c program.c
	c++ -Wall -Wextra -Werror $cflags -isystem system -x c++ -fsyntax-only program.c
	cc program.o $libs -Wl,--allow-shlib-undefined -o program
	cc program.o usr/local/lib/libvvb.a "$@" -o static
}
VVB_SYSFS=/nonexistent ./static
readelf -d program | grep -q 'NEEDED.*libvvb.so.1\]'
# all that the header declares, and nothing else
sed -n 's/^[a-z_].*[ *]\(vvb_[a-z_0-9]*\)(.*/\1/p' usr/local/include/libvvb/vvb/vvb.h | sort >declared
grep -A1 '^static inline' usr/local/include/libvvb/vvb/vvb.h |
	sed -n 's/^static inline.*[ *]\(vvb_[a-z_0-9]*\)(.*/\1/p' | sort >inline
comm -23 declared inline >wanted
nm -D --defined-only usr/local/lib/libvvb.so | sed -n 's/.* T \(vvb_[a-z_0-9]*\)@@LIBVVB_1$/\1/p' |
	sort >exported
diff wanted exported

# each of them has a man page that names it, with its prototype as in the header
man=usr/local/share/man
test -f $man/man4/virtio_vfio_bpf.4
test -f $man/man8/vvbctl.8
awk '{ gsub(/\/\*.*\*\//, "") } /^(struct [a-z_]*;|typedef )/ { next } /^[a-z_].*vvb_[a-z_0-9]*\(/ { text = "" } { text = text $0 }
	/\)(;|$)/ && text ~ /^[a-z_].*vvb_/ { gsub(/^static inline|[ \t]|;.*/, "", text); print text; text = "" }' \
	usr/local/include/libvvb/vvb/vvb.h >prototypes
test "$(sort -u declared | wc -l)" = "$(wc -l <prototypes)"
while read -r name; do
	page=$man/man3/$name.3
	sed '/^\.SH SYNOPSIS/,$d' "$page" | grep -qE "^$name(,| )"
	prototype=$(grep -E "[a-z0-9*]$name\(" prototypes)
	sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/s/^\.B//p' "$page" | tr -d ' "\n' |
		grep -qF -- "$prototype;"
done <declared

# the examples are C
for page in vvb_open vvb_stats_read; do
	{
		printf '#include <stdio.h>\n#include <vvb/vvb.h>\nint main(void)\n{\n'
		sed -n '/^\.SH EXAMPLE/,/^\.EE/{/^\.EX/,/^\.EE/{/^\./d;s/\\-/-/g;s/\\e/\\/g;p}}' $man/man3/$page.3
		printf 'return 0;\n}\n'
	} >example.c
	grep -q "$page(" example.c
	# shellcheck disable=SC2086 # words
	cc -Wall -Wextra -Werror $cflags -c example.c
done

# structs that pages show are those of the headers
structs()
{
	sed -n "/^struct $1 {/,/^}/p" "$2" | tr -d ' \t\n'
}
while read -r page name header; do
	shown=$(structs "$name" $man/man3/"$page".3)
	test -n "$shown"
	test "$shown" = "$(structs "$name" usr/local/include/libvvb/"$header")"
done <<END
vvb_vf_get vvb_vf vvb/vvb.h
vvb_stats_read vvb_stats uapi/vvb.h
vvb_stats_read vvb_field_stats uapi/vvb.h
END
