# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=bash
#
# A private apt root: packages are downloaded and unpacked into the cache, the machine's own
# apt configuration and packages are left alone. Mirror and signing key are the machine's.
# Sourced after common.sh.

VVB_APT=$VVB_CACHE/apt
VVB_DL=$VVB_CACHE/dl

# apt_signed_by FILE - print the key ring that a sources file names, nothing if none
apt_signed_by()
{
	grep -ioE 'signed-by[:=] *(/[^] ]+)' "$1" 2>/dev/null | head -n 1 | grep -oE '/.*' || true
}

# apt_suites - print "uri release signed-by" for each suite of the release that the machine has, be there
# lists of it or not
apt_suites()
{
	local uri release entry

	# shellcheck disable=SC2016 # the format is apt's
	apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(SOURCESENTRY)' \
		'Created-By: Packages' 'Component: main' | sort -u |
	while read -r uri release entry; do
		case $release in
		"$VVB_RELEASE"|"$VVB_RELEASE"-security|"$VVB_RELEASE"-updates)
			printf '%s %s %s\n' "$uri" "$release" "$(apt_signed_by "${entry%:*}")"
			;;
		esac
	done
}

# apt_release SUITE - print the release that a suite belongs to
apt_release()
{
	local suite=${1%-security}

	printf '%s\n' "${suite%-backports}"
}

# apt_other SUITE [ARCH] - from here on, another suite of the same mirror, or another architecture, in a
# private root of its own. Security updates and backports come with the release that they are for
apt_other()
{
	local uri release key

	VVB_APT=$VVB_CACHE/apt-$1${2:+-$2}
	vvb_apt_arch=${2:-}
	mkdir -p "$VVB_APT/lists/partial" "$VVB_APT/archives/partial" "$VVB_DL"
	apt_suites | while read -r uri release key; do
		key=${key:+[signed-by=$key] }
		case $release in
		"$VVB_RELEASE")
			printf "deb $key$uri %s main\n" "${1%-security}" "$(apt_release "$1")"
			printf "deb-src $key$uri %s main\n" "$(apt_release "$1")" ;;
		*-security)
			[ "${1%-security}" = "$1" ] || printf 'deb %s%s %s main\n' "$key" "$uri" "$1" ;;
		esac
	done | sort -u >"$VVB_APT/sources.list"
	say "fetching package lists of $1${2:+ for $2}"
	logged "$VVB_APT/update.log" apt_private apt-get update
	vvb_apt_fresh=1
}

# apt_other_daily SUITE - the same, with lists that are a day old at most
apt_other_daily()
{
	local log=$VVB_CACHE/apt-$1/update.log

	if ! compgen -G "${log%/*}/lists/*_Packages*" >/dev/null ||
		[ -z "$(find "$log" -mtime -1 2>/dev/null)" ]; then
		apt_other "$1"
		return
	fi
	VVB_APT=$VVB_CACHE/apt-$1
	vvb_apt_arch='' vvb_apt_fresh=1
}

apt_write_sources()
{
	local uri release key by

	mkdir -p "$VVB_APT/lists/partial" "$VVB_APT/archives/partial" "$VVB_DL"
	apt_suites | while read -r uri release key; do
		by=${key:+[signed-by=$key] }
		printf 'deb %s%s %s main\n' "$by" "$uri" "$release"
		printf 'deb-src %s%s %s main\n' "$by" "$uri" "$release"
		if [ "$release" = "$VVB_RELEASE" ]; then
			printf 'deb %s%s %s-backports main\n' "$by" "$uri" "$release"
		fi
	done >"$VVB_APT/sources.list"
	[ -s "$VVB_APT/sources.list" ] ||
		die "no $VVB_RELEASE suite in the apt sources of this machine"
}

# apt_private TOOL ARGUMENT... - apt-get or apt-cache on the private root
apt_private()
{
	local tool=$1

	shift
	"$tool" -q -o Dir::Etc::sourcelist="$VVB_APT/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null \
		-o Dir::Etc::preferencesparts=/dev/null -o Dir::State::Lists="$VVB_APT/lists" \
		-o Dir::Cache="$VVB_APT" -o APT::Sandbox::User=root -o APT::Default-Release= \
		${vvb_apt_arch:+-o APT::Architecture="$vvb_apt_arch" -o APT::Architectures="$vvb_apt_arch"} \
		-o Acquire::Retries=3 "$@"
}

# apt_update - fetch the lists once per process
apt_update()
{
	[ -z "${vvb_apt_fresh:-}" ] || return 0
	say "fetching package lists"
	apt_write_sources
	logged "$VVB_APT/update.log" apt_private apt-get update
	vvb_apt_fresh=1
}

# apt_daily - lists that are good enough to see what there is: a day old, or older where the mirror
# can't be reached
apt_daily()
{
	if compgen -G "$VVB_APT/lists/*_Packages*" >/dev/null &&
		[ -n "$(find "$VVB_APT/update.log" -mtime -1 2>/dev/null)" ]; then
		return
	fi
	(apt_update) || say "going on with the package lists of last time"
}

# apt_version PACKAGE [SUITE] - print the newest version on the mirror, nothing if none
apt_version()
{
	apt_private apt-cache madison "$1" |
		awk -F' *[|] *' -v suite="${2:-}" \
			'suite == "" || index($3, suite "/") { print $2; exit }'
}

# apt_deb PACKAGE VERSION - print the path of the .deb, downloaded if need be
apt_deb()
{
	local deb tmp

	for deb in "$VVB_DL/$1_${2//:/%3a}"_*.deb; do
		if [ -e "$deb" ]; then
			printf '%s\n' "$deb"
			return
		fi
	done
	say "downloading $1 $2"
	tmp=$(scratch dl/part)
	# Old lists name files that the mirror no longer has.
	(cd "$tmp" && apt_private apt-get download "$1=$2" >/dev/null 2>&1) || apt_update
	[ -e "$(echo "$tmp"/*.deb)" ] ||
		(cd "$tmp" && logged "$VVB_APT/download.log" apt_private apt-get download "$1=$2")
	mv "$tmp"/*.deb "$VVB_DL/"
	rmdir "$tmp"
	for deb in "$VVB_DL/$1_${2//:/%3a}"_*.deb; do
		[ -e "$deb" ] || die "no such package on the mirror: $1 $2"
		printf '%s\n' "$deb"
	done
}

# apt_closure SUITE PACKAGE... - print "name version" of packages and of all that they need
apt_closure()
{
	local suite=$1

	shift
	apt_private apt-get install -s --no-install-recommends -o Dir::State::status=/dev/null \
		-t "$suite" "$@" | sed -nE 's/^Inst ([^ ]*) \(([^ ]+) .*/\1 \2/p'
}

# apt_debs - print the paths of the packages whose "name version" are read, downloaded all at once
apt_debs()
{
	local package version packages missing=() tmp

	mapfile -t packages
	for package in "${packages[@]}"; do
		read -r package version <<<"$package"
		compgen -G "$VVB_DL/${package}_${version//:/%3a}_*.deb" >/dev/null ||
			missing+=("$package=$version")
	done
	if [ "${#missing[@]}" -gt 0 ]; then
		say "downloading ${#missing[@]} packages"
		tmp=$(scratch dl/part)
		(cd "$tmp" && logged "$VVB_APT/download.log" apt_private apt-get download "${missing[@]}")
		mv "$tmp"/*.deb "$VVB_DL/"
		rmdir "$tmp"
	fi
	for package in "${packages[@]}"; do
		read -r package version <<<"$package"
		apt_deb "$package" "$version"
	done
}

# apt_unpack DIR - unpack the packages whose "name version" are read
apt_unpack()
{
	local debs deb

	debs=$(apt_debs)
	for deb in $debs; do
		dpkg -x "$deb" "$1"
	done
}

# own_libraries ROOT FILE... - print the libraries of programs of an unpacked tree that has a C library
# of its own, and its dynamic linker
own_libraries()
{
	local root=$1 dir=$1/usr/lib/x86_64-linux-gnu file

	shift
	for file in "$@"; do
		"$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/lib/x86_64-linux-gnu:$dir" \
			--list "$root/$file"
	done | grep -oE "$root/[^ ]+" | sort -u
}

# needed ROOT FILE... - print the libraries of programs of an unpacked tree
needed()
{
	local root=$1

	shift
	(cd "$root" && LD_LIBRARY_PATH=$(printf '%s:' "$root"/{,usr/}lib/x86_64-linux-gnu{,/systemd}) \
		ldd "$@") | sed -nE 's/.*=> ([^ ]*) .*/\1/p' | sort -u
}
