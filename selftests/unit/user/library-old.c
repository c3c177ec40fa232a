// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* libvvb.so as another release has installed it. */
const char *vvb_version(void)
{
	return "0.1.7";
}
