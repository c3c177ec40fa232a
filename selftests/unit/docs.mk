# SPDX-License-Identifier: GPL-2.0-only OR MIT
flags.docs := -DCHECK='"sh $(abspath docs/check)"' -DFAULTS='"sh $(abspath docs/faults.sh)"' \
	-DTOP='"$(abspath ../..)"'
